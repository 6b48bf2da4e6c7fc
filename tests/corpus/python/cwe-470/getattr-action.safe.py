from flask import Flask, request

from .jobs import Jobs

app = Flask(__name__)


@app.post("/jobs")
def jobs():
    name = request.form["job"]
    handler = {"clean": Jobs().clean, "report": Jobs().report}[name]
    return {"result": handler()}
