import re
import subprocess

from flask import Flask, request

app = Flask(__name__)
HOST = re.compile(r"[a-z0-9.-]+")


@app.get("/dig")
def dig():
    name = request.args.get("name", "")
    if not HOST.match(name):
        return {"error": "bad name"}, 400
    return subprocess.check_output(f"dig +short {name}", shell=True, text=True)
