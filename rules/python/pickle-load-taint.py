import base64
import hmac
import io
import json
import pickle
from pickle import loads

import jsonpickle
import yaml
from django.core.signing import TimestampSigner
from fastapi import FastAPI, Request
from flask import Flask, abort, request

app = Flask(__name__)
api = FastAPI()
KEY = load_key()


@app.route("/cart")
def cart():
    raw = base64.b64decode(request.cookies["cart"])
    # ruleid: oreva.python.deserialisation.pickle-load-taint
    return str(pickle.loads(raw))


@app.route("/session", methods=["POST"])
def session():
    # ruleid: oreva.python.deserialisation.pickle-load-taint
    return str(loads(bytes.fromhex(request.json["state"])))


@api.post("/import")
async def import_state(request: Request):
    body = await request.body()
    # ruleid: oreva.python.deserialisation.pickle-load-taint
    return pickle.load(io.BytesIO(body))


def settings(request):
    # ruleid: oreva.python.deserialisation.pickle-load-taint
    return yaml.load(request.FILES["settings"].read(), Loader=yaml.Loader)


def restore(request):
    # ruleid: oreva.python.deserialisation.pickle-load-taint
    return jsonpickle.decode(request.POST["state"])


@app.route("/safe-json", methods=["POST"])
def safe_json():
    # ok: oreva.python.deserialisation.pickle-load-taint
    return json.loads(request.get_data())


def safe_yaml(request):
    # ok: oreva.python.deserialisation.pickle-load-taint
    return yaml.load(request.FILES["settings"].read(), Loader=yaml.SafeLoader)


def safe_own_cache(path):
    with open(path, "rb") as handle:
        # ok: oreva.python.deserialisation.pickle-load-taint
        return pickle.load(handle)


@app.route("/safe-signed", methods=["POST"])
def safe_signed():
    body = request.get_data()
    if not hmac.compare_digest(hmac.digest(KEY, body, "sha256"), bytes.fromhex(request.headers["X-Mac"])):
        abort(403)
    # ok: oreva.python.deserialisation.pickle-load-taint
    return str(pickle.loads(body))


def safe_unsigned(request):
    # ok: oreva.python.deserialisation.pickle-load-taint
    return pickle.loads(TimestampSigner().unsign(request.COOKIES["state"]).encode())
