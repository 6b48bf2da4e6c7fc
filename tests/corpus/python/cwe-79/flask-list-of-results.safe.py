from flask import Flask, make_response, request
from markupsafe import escape

app = Flask(__name__)


@app.get("/tags")
def tags():
    page = "<ul>"
    for tag in request.args.getlist("tag"):
        page += "<li>%s</li>" % escape(tag)
    page += "</ul>"
    return make_response(page)
