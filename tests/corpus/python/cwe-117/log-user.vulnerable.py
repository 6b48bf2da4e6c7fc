import logging

from flask import Flask, request

app = Flask(__name__)
log = logging.getLogger("auth")


@app.post("/login")
def login():
    name = request.form["name"]
    log.warning("failed login of %s", name)
    return {"ok": False}, 401
