import jwt
from jose import jwt as jose_jwt

KEY = load_key()


def user(token):
    # ruleid: oreva.python.jwt.jwt-signature-not-verified
    return jwt.decode(token, options={"verify_signature": False})["sub"]


def user_old(token):
    # ruleid: oreva.python.jwt.jwt-signature-not-verified
    return jwt.decode(token, KEY, verify=False)


def user_none(token):
    # ruleid: oreva.python.jwt.jwt-signature-not-verified
    return jwt.decode(token, KEY, algorithms=["HS256", "none"])


def user_jose(token):
    options = {"verify_aud": False, "verify_signature": False}
    # ruleid: oreva.python.jwt.jwt-signature-not-verified
    return jose_jwt.decode(token, KEY, options={"verify_signature": False}), jwt.decode(token, options=options)


def safe_verified(token):
    # ok: oreva.python.jwt.jwt-signature-not-verified
    return jwt.decode(token, KEY, algorithms=["RS256"], audience="api")


def safe_options(token):
    # ok: oreva.python.jwt.jwt-signature-not-verified
    return jwt.decode(token, KEY, algorithms=["RS256"], options={"verify_aud": False})


def safe_two_steps(token, keys):
    # ok: oreva.python.jwt.jwt-signature-not-verified
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    claims = jwt.decode(token, keys[issuer], algorithms=["RS256"])
    return claims["sub"]
