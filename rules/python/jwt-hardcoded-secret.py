import os

import jwt
from jose import jwt as jose_jwt

SECRET = "correct horse battery staple"
PUBLIC = """-----BEGIN PUBLIC KEY-----
bm90IGEga2V5
-----END PUBLIC KEY-----"""


def issue(user):
    # ruleid: oreva.python.jwt.jwt-hardcoded-secret
    return jwt.encode({"sub": user}, SECRET, algorithm="HS256")


def read(token):
    # ruleid: oreva.python.jwt.jwt-hardcoded-secret
    return jwt.decode(token, "my-signing-key", algorithms=["HS256"])


def issue_jose(user):
    # ruleid: oreva.python.jwt.jwt-hardcoded-secret
    return jose_jwt.encode({"sub": user}, "my-signing-key", algorithm="HS256")


def safe_environment(user):
    # ok: oreva.python.jwt.jwt-hardcoded-secret
    return jwt.encode({"sub": user}, os.environ["JWT_KEY"], algorithm="HS256")


def safe_setting(user, settings):
    # ok: oreva.python.jwt.jwt-hardcoded-secret
    return jwt.encode({"sub": user}, settings.jwt_key, algorithm="HS256")


def safe_public(token):
    # ok: oreva.python.jwt.jwt-hardcoded-secret
    return jwt.decode(token, PUBLIC, algorithms=["RS256"])


def safe_empty(token):
    # ok: oreva.python.jwt.jwt-hardcoded-secret
    return jwt.decode(token, "", options={"verify_signature": False})
