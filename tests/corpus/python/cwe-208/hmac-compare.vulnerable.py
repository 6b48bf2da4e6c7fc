import hashlib
import hmac
import os

from flask import Flask, abort, request

app = Flask(__name__)


@app.post("/webhook")
def webhook():
    expected = hmac.new(os.environ["HOOK_SECRET"].encode(), request.data, hashlib.sha256).hexdigest()
    if request.headers.get("X-Signature", "") == expected:
        return "", 204
    abort(403)
