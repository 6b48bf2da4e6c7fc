import ipaddress
import os
import re
import uuid

from flask import Flask, abort, request

from .errors import BadRequest
from .settings import STRICT

app = Flask(__name__)
NAME = re.compile(r"[a-z0-9-]+")
UNIT = re.compile(r"^[a-z]{2,8}\Z")
UNITS = ("nginx", "redis")


@app.route("/full-match")
def full_match():
    name = request.args.get("name", "")
    if not NAME.fullmatch(name):
        return "no"
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/full-match-or")
def full_match_or():
    name = request.args.get("name", "")
    if not NAME.fullmatch(name) or name.startswith("-"):
        return "no"
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/full-match-aborts")
def full_match_aborts():
    name = request.args.get("name", "")
    if not NAME.fullmatch(name):
        abort(400)
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/full-match-last")
def full_match_last():
    name = request.args.get("name", "")
    if name is None or len(name) > 40 or not re.fullmatch(r"[a-z]+", name):
        raise BadRequest
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/full-match-middle")
def full_match_middle():
    name = request.args.get("name", "")
    if name.startswith("-") or not NAME.fullmatch(name) or len(name) > 40:
        raise BadRequest
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/full-match-is-none")
def full_match_is_none():
    name = request.args.get("name", "")
    if NAME.fullmatch(name) is None:
        abort(400)
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/full-match-of-some")
def full_match_of_some():
    name = request.args.get("name", "")
    if not (name and NAME.fullmatch(name)):
        abort(400)
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/full-match-if-given")
def full_match_if_given():
    name = request.args.get("name", "")
    if name is not None and not NAME.fullmatch(name):
        abort(400)
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/full-match-only-if-strict")
def full_match_only_if_strict():
    name = request.args.get("name", "")
    if STRICT and not NAME.fullmatch(name):
        abort(400)
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/full-match-only-logged")
def full_match_only_logged():
    name = request.args.get("name", "")
    if not NAME.fullmatch(name):
        log(name)
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/class-or")
def class_or():
    name = request.args.get("name", "")
    if len(name) > 40 or not name.isalnum():
        raise BadRequest
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/anchored")
def anchored():
    name = request.args.get("name", "")
    if not re.match(r"^[a-z0-9._-]+$", name):
        abort(400)
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/anchored-compiled")
def anchored_compiled():
    name = request.args.get("name", "")
    if name and not UNIT.match(name):
        abort(400)
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/not-anchored")
def not_anchored():
    name = request.args.get("name", "")
    if not re.match(r"^[a-z0-9._-]+", name):
        abort(400)
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/not-anchored-compiled")
def not_anchored_compiled():
    name = request.args.get("name", "")
    if not NAME.match(name):
        abort(400)
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/anchored-but-anything")
def anchored_but_anything():
    name = request.args.get("name", "")
    if not re.match(r"^img.*[.]txt$", name):
        abort(400)
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/anchored-but-one-character")
def anchored_but_one_character():
    name = request.args.get("name", "")
    if not re.match(r"^[^;]+$", name):
        abort(400)
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/listed-or")
def listed_or():
    name = request.args.get("name", "")
    if not name or name not in UNITS:
        abort(404)
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/listed-if-given")
def listed_if_given():
    name = request.args.get("name", "")
    if name and name not in UNITS:
        abort(404)
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/listed-only-if-strict")
def listed_only_if_strict():
    name = request.args.get("name", "")
    if STRICT and name not in UNITS:
        abort(404)
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/match-kept")
def match_kept():
    name = request.args.get("name", "")
    match = NAME.fullmatch(name)
    if not match:
        abort(400)
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/in-the-branch")
def in_the_branch():
    name = request.args.get("name", "")
    if NAME.fullmatch(name):
        # ok: oreva.python.command-injection.os-command-taint
        os.system("systemctl status " + name)
    elif name in UNITS and STRICT:
        # ok: oreva.python.command-injection.os-command-taint
        os.system("systemctl status " + name)
    else:
        # ruleid: oreva.python.command-injection.os-command-taint
        os.system("systemctl status " + name)
    return "ok"


@app.route("/turned-away")
def turned_away():
    name = request.args.get("name", "")
    if not name.isalnum():
        # ruleid: oreva.python.command-injection.os-command-taint
        os.system("logger bad name " + name)
        return "no"
    # ok: oreva.python.command-injection.os-command-taint
    os.system("systemctl status " + name)
    return "ok"


@app.route("/every-one")
def every_one():
    for name in request.args.getlist("name"):
        if not NAME.fullmatch(name):
            continue
        # ok: oreva.python.command-injection.os-command-taint
        os.system("systemctl status " + name)
    return "ok"


@app.route("/converted")
def converted():
    seconds = request.args.get("seconds", 20, type=int)
    jobs = request.args.getlist("job", type=uuid.UUID)
    # ok: oreva.python.command-injection.os-command-taint
    os.system(f"sleep {seconds}; show {jobs[0]}")
    unit = request.args.get("unit", "nginx", type=str)
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system(f"systemctl status {unit}")
    return "ok"


@app.route("/an-address")
def an_address():
    host = ipaddress.IPv4Address(request.args["host"])
    # ok: oreva.python.command-injection.os-command-taint
    os.system(f"ping -c 1 {host}")
    return "ok"


@app.route("/an-address-with-a-zone")
def an_address_with_a_zone():
    # The zone of an IPv6 address may be any text: "::1%eth0;id" is one.
    host = ipaddress.ip_address(request.args["host"])
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system(f"ping -c 1 {host}")
    return "ok"
