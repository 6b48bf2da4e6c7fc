import re

from flask import Flask, request

app = Flask(__name__)
LINES = open("catalogue.txt").read().splitlines()


@app.get("/catalogue")
def catalogue():
    wanted = request.args["pattern"]
    pattern = re.compile(re.escape(wanted))
    return {"lines": [line for line in LINES if pattern.search(line)]}
