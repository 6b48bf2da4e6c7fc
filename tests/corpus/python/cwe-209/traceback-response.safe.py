import logging
import traceback

from flask import Flask, jsonify

app = Flask(__name__)
log = logging.getLogger(__name__)


@app.errorhandler(Exception)
def failed(error):
    log.exception("request failed: %s", type(error).__name__)
    return jsonify(error="internal error"), 500
