import os
from dataclasses import dataclass

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()
PUBLIC_KEY = os.environ["IDP_PUBLIC_KEY"]


@dataclass
class Principal:
    subject: str
    tenant: str


def current_principal(authorization: str = Header(default="")) -> Principal:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise HTTPException(401)
    try:
        options = {"require": ["exp", "sub", "tenant"]}
        claims = jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"], audience="reports", options=options)
    except jwt.PyJWTError as error:
        raise HTTPException(401) from error
    return Principal(claims["sub"], claims["tenant"])


@app.get("/reports")
def reports(principal: Principal = Depends(current_principal)):
    return {"tenant": principal.tenant, "requested_by": principal.subject}
