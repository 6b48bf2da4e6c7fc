import os

from flask import Flask, request

app = Flask(__name__)


@app.route("/usage")
def usage():
    folder = request.values.get("folder")
    size = 106
    target = "/tmp" if 7 * 18 + size > 200 else folder
    return os.popen("du -sh " + target).read()
