import hashlib
import os

from .models import Account


def register(username, password):
    salt = os.urandom(16).hex()
    digest = hashlib.sha256((salt + password).encode()).hexdigest()
    return Account.create(username=username, salt=salt, password_hash=digest)
