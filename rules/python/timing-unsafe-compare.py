import hashlib
import hmac

from flask import Flask, abort, request

app = Flask(__name__)
KEY = load_key()


@app.route("/hook", methods=["POST"])
def hook():
    expected = hmac.new(KEY, request.get_data(), hashlib.sha256).hexdigest()
    # ruleid: oreva.python.timing.timing-unsafe-compare
    if request.headers["X-Signature"] != "sha256=" + expected:
        abort(403)
    return "ok"


def valid(body, received):
    # ruleid: oreva.python.timing.timing-unsafe-compare
    return hmac.digest(KEY, body, "sha256") == received


def safe_constant_time(body, received):
    # ok: oreva.python.timing.timing-unsafe-compare
    return hmac.compare_digest(hmac.digest(KEY, body, "sha256"), received)


def safe_length(body, received):
    mac = hmac.digest(KEY, body, "sha256")
    # ok: oreva.python.timing.timing-unsafe-compare
    if len(mac) != len(received):
        return False
    return hmac.compare_digest(mac, received)


def safe_checksum(data, expected):
    # ok: oreva.python.timing.timing-unsafe-compare
    return hashlib.sha256(data).hexdigest() == expected


def test_known_value():
    # ok: oreva.python.timing.timing-unsafe-compare
    assert hmac.new(b"k", b"m", "sha256").hexdigest() == "0" * 64
