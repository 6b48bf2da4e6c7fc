import ast

from flask import Flask, request

app = Flask(__name__)


@app.post("/calculate")
def calculate():
    expression = request.get_json()["expression"]
    return {"result": ast.literal_eval(expression)}
