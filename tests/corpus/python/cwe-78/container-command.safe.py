import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.route("/archive")
def archive():
    options = {"level": "6", "name": "backup"}
    requested = request.args.get("name", "backup")
    words = ["zip", "-" + options["level"], "-r"]
    words.append("/srv/out/" + options["name"] + ".zip")
    words.append("/srv/data")
    return {"code": subprocess.call(words), "requested": requested}
