import json
import logging

from flask import Flask, current_app, request

app = Flask(__name__)
logger = logging.getLogger(__name__)


@app.route("/login", methods=["POST"])
def login():
    # ruleid: oreva.python.log-injection.log-injection-taint
    logger.info("login of %s", request.form["name"])
    # ruleid: oreva.python.log-injection.log-injection-taint
    logging.warning(f"from {request.headers['User-Agent']}")
    # ruleid: oreva.python.log-injection.log-injection-taint
    current_app.logger.error("bad path " + request.path)
    return "ok"


@app.route("/safe", methods=["POST"])
def safe():
    # ok: oreva.python.log-injection.log-injection-taint
    logger.info("login of %r", request.form["name"])
    # ok: oreva.python.log-injection.log-injection-taint
    logger.info("body %s", json.dumps(request.json))
    # ok: oreva.python.log-injection.log-injection-taint
    logger.info("page %d", int(request.args["page"]))
    # ok: oreva.python.log-injection.log-injection-taint
    logger.info("name %s", request.form["name"].replace("\n", " "))
    return "ok"
