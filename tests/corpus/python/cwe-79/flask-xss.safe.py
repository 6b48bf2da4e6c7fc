from flask import Flask, make_response, request
from markupsafe import escape

app = Flask(__name__)


@app.route("/hello")
def hello():
    name = request.args.get("name", "stranger")
    lines = ["<!doctype html>", "<body>"]
    lines.append("<h1>Hello, %s!</h1>" % escape(name))
    lines.append("</body>")
    response = make_response("\n".join(lines))
    response.headers["X-Frame-Options"] = "DENY"
    return response
