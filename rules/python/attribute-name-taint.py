from flask import request

ACTIONS = {}


def run(order):
    # ruleid: oreva.python.unsafe-reflection.attribute-name-taint
    return getattr(order, request.args["action"])()


def call():
    name = request.form["job"]
    # ruleid: oreva.python.unsafe-reflection.attribute-name-taint
    return globals()[name]()


def listed(order):
    name = request.args["action"]
    if name not in ("open", "close"):
        return None
    # ok: oreva.python.unsafe-reflection.attribute-name-taint
    return getattr(order, name)()


def mapped(order):
    # ok: oreva.python.unsafe-reflection.attribute-name-taint
    return ACTIONS[request.args["action"]](order)
