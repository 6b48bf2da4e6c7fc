import hashlib
import os

from .models import Account


def register(username, password):
    salt = os.urandom(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=2**26).hex()
    return Account.create(username=username, salt=salt.hex(), password_hash=digest)
