import os

from flask import Flask, abort, request

app = Flask(__name__)
BASE = "/srv/reports"


@app.get("/report")
def report():
    path = os.path.join(BASE, request.args["name"])
    with open(path, encoding="utf-8") as file:
        return file.read()
