import jwt
from fastapi import Depends, FastAPI, Header, HTTPException

from .settings import PUBLIC_KEY

app = FastAPI()


def current_user(authorization: str = Header(...)):
    token = authorization.removeprefix("Bearer ")
    options = {"verify_signature": True, "verify_aud": False}
    try:
        claims = jwt.decode(token, PUBLIC_KEY, options=options, algorithms=["RS256"])
    except jwt.PyJWTError:
        raise HTTPException(status_code=401)
    return claims["sub"]
