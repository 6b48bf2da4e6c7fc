import ipaddress
import os

from flask import Blueprint, abort, request

bp = Blueprint("net", __name__)


def ping(host, count=3):
    return os.popen(f"ping -c {count} {host}").read()


@bp.route("/ping", methods=["POST"])
def ping_view():
    try:
        host = ipaddress.IPv4Address(request.form["host"])
    except ValueError:
        abort(400)
    output = ping(host)
    return {"output": output}
