import jwt


def claims(token, key):
    # ruleid: oreva.python.jwt.expiry-not-checked
    jwt.decode(token, key, algorithms=["RS256"], options={"verify_exp": False})
    # ruleid: oreva.python.jwt.expiry-not-checked
    jwt.decode(token, key, options={"verify_aud": True, "verify_exp": False}, algorithms=["RS256"])
    # ok: oreva.python.jwt.expiry-not-checked
    jwt.decode(token, key, algorithms=["RS256"])
    # ok: oreva.python.jwt.expiry-not-checked
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_exp": True})
