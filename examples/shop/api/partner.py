"""Talks to the parcel service."""

import jwt
import requests


def status(parcel):
    return requests.get(f"https://parcels.example/{parcel}", verify=False, timeout=10).json()


def who(token):
    return jwt.decode(token, options={"verify_signature": False})["sub"]
