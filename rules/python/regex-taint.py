import re

from flask import Flask, request

app = Flask(__name__)
WORDS = ["red", "green"]


@app.route("/find")
def find():
    # ruleid: oreva.python.regex-denial-of-service.regex-taint
    pattern = re.compile(request.args["pattern"], re.IGNORECASE)
    return [word for word in WORDS if pattern.search(word)]


def filtered(request):
    # ruleid: oreva.python.regex-denial-of-service.regex-taint
    return [word for word in WORDS if re.match(f"^{request.GET['start']}", word)]


@app.route("/safe-escaped")
def safe_escaped():
    # ok: oreva.python.regex-denial-of-service.regex-taint
    pattern = re.compile(re.escape(request.args["q"]))
    return [word for word in WORDS if pattern.search(word)]


@app.route("/safe-text")
def safe_text():
    # ok: oreva.python.regex-denial-of-service.regex-taint
    return [word for word in re.split(r"\W+", request.args["text"]) if word]
