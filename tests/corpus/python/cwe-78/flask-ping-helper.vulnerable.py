import os

from flask import Blueprint, request

bp = Blueprint("net", __name__)


def ping(host, count=3):
    return os.popen(f"ping -c {count} {host}").read()


@bp.route("/ping", methods=["POST"])
def ping_view():
    host = request.form["host"]
    output = ping(host)
    return {"output": output}
