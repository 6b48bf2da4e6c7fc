import hashlib
import os


def store_password(password: str) -> str:
    salt = os.urandom(16)
    return salt.hex() + hashlib.md5(salt + password.encode()).hexdigest()
