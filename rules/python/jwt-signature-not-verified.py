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


def user_kept(token):
    # ruleid: oreva.python.jwt.jwt-signature-not-verified
    claims = jwt.decode(token, options={"verify_signature": False}, algorithms=["RS256"])
    return claims["sub"]


def user_kept_with_key(token):
    # ruleid: oreva.python.jwt.jwt-signature-not-verified
    claims = jwt.decode(token, KEY, algorithms=["RS256"], options={"verify_signature": False})
    return claims["sub"]


def user_kept_none(token):
    # ruleid: oreva.python.jwt.jwt-signature-not-verified
    claims = jwt.decode(token, KEY, algorithms=["HS256", "none"])
    return claims["sub"]


def user_kept_options(token):
    options = {"verify_signature": False, "verify_aud": False}
    try:
        # ruleid: oreva.python.jwt.jwt-signature-not-verified
        claims = jwt.decode(token, KEY, options=options, algorithms=["RS256"])
    except jwt.PyJWTError:
        return None
    return claims["sub"]


def user_complete(token):
    # ruleid: oreva.python.jwt.jwt-signature-not-verified
    return jwt.decode_complete(token, options=dict(verify_signature=False))["payload"]


def user_jose_unverified(token):
    # ruleid: oreva.python.jwt.jwt-signature-not-verified
    return jose_jwt.get_unverified_claims(token)["sub"]


def safe_options_kept(token):
    options = {"verify_signature": True, "verify_aud": False}
    # ok: oreva.python.jwt.jwt-signature-not-verified
    claims = jwt.decode(token, KEY, options=options, algorithms=["RS256"])
    return claims["sub"]


def safe_two_steps_tried(token, keys):
    # ok: oreva.python.jwt.jwt-signature-not-verified
    issuer = jose_jwt.get_unverified_claims(token)["iss"]
    try:
        return jose_jwt.decode(token, keys[issuer], algorithms=["RS256"], options={"verify_aud": False})
    except jose_jwt.JWTError:
        return None
