from flask import Flask, make_response

app = Flask(__name__)

# ruleid: oreva.python.misconfiguration.cookie-flag-off
SESSION_COOKIE_SECURE = False

# ruleid: oreva.python.misconfiguration.cookie-flag-off
app.config["SESSION_COOKIE_HTTPONLY"] = False

# ok: oreva.python.misconfiguration.cookie-flag-off
CSRF_COOKIE_SECURE = True

# ok: oreva.python.misconfiguration.cookie-flag-off
CSRF_COOKIE_HTTPONLY = False

# ok: oreva.python.misconfiguration.cookie-flag-off
secure = False


def login(token):
    response = make_response("ok")
    # ruleid: oreva.python.misconfiguration.cookie-flag-off
    response.set_cookie("session_token", token, httponly=True, secure=False)
    return response


def safe_login(token):
    response = make_response("ok")
    # ok: oreva.python.misconfiguration.cookie-flag-off
    response.set_cookie("session_token", token, httponly=True, secure=True, samesite="Lax")
    return response


def safe_theme(theme):
    response = make_response("ok")
    # ok: oreva.python.misconfiguration.cookie-flag-off
    response.set_cookie("theme", theme, httponly=False)
    return response
