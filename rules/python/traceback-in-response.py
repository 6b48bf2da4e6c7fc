import logging
import traceback

from django.http import HttpResponse, JsonResponse
from fastapi import HTTPException
from flask import Flask, jsonify

app = Flask(__name__)
logger = logging.getLogger(__name__)


@app.route("/order")
def order():
    try:
        return place_order()
    except ValueError:
        # ruleid: oreva.python.information-exposure.traceback-in-response
        return jsonify(error=traceback.format_exc()), 500


@app.errorhandler(500)
def failed(error):
    # ruleid: oreva.python.information-exposure.traceback-in-response
    return "<pre>" + traceback.format_exc() + "</pre>", 500


def report(request):
    try:
        return HttpResponse(make_report())
    except OSError:
        body = {"trace": "".join(traceback.format_exc())}
        # ruleid: oreva.python.information-exposure.traceback-in-response
        return JsonResponse(body, status=500)


@app.route("/safe-logged")
def safe_logged():
    try:
        return place_order()
    except ValueError:
        logger.error(traceback.format_exc())
        # ok: oreva.python.information-exposure.traceback-in-response
        return jsonify(error="internal error"), 500


def safe_detail(number):
    # ok: oreva.python.information-exposure.traceback-in-response
    raise HTTPException(status_code=404, detail=f"no order {int(number)}")


def safe_debug(request, settings):
    # ok: oreva.python.information-exposure.traceback-in-response
    return HttpResponse(traceback.format_exc() if settings.DEBUG else "internal error", status=500)
