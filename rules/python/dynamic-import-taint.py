import importlib

from flask import Flask, request

import exporters

app = Flask(__name__)
EXPORTERS = {"csv": exporters.csv, "json": exporters.json}


@app.route("/export")
def export():
    kind = request.args["format"]
    # ruleid: oreva.python.code-injection.dynamic-import-taint
    module = importlib.import_module(kind)
    # ruleid: oreva.python.code-injection.dynamic-import-taint
    return getattr(exporters, request.args["function"])(module)


@app.route("/call")
def call():
    # ruleid: oreva.python.code-injection.dynamic-import-taint
    return globals()[request.args["name"]]()


@app.route("/safe-table")
def safe_table():
    # ok: oreva.python.code-injection.dynamic-import-taint
    return EXPORTERS[request.args["format"]]()


@app.route("/safe-checked")
def safe_checked():
    kind = request.args["format"]
    if kind not in EXPORTERS:
        return "unknown", 404
    # ok: oreva.python.code-injection.dynamic-import-taint
    return importlib.import_module(kind).run()


def safe_constant():
    # ok: oreva.python.code-injection.dynamic-import-taint
    return importlib.import_module("exporters.csv")


def safe_read(request, settings):
    # ok: oreva.python.code-injection.dynamic-import-taint
    return getattr(settings, request.GET["key"], None)
