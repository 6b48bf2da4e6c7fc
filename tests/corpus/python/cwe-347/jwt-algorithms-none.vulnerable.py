import jwt


def claims(token: str, key: str) -> dict:
    return jwt.decode(token, key, algorithms=["none", "HS256"])
