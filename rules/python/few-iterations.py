import hashlib

import bcrypt

ROUNDS = 1000


def store(password, salt):
    # ruleid: oreva.python.weak-password-hash.few-iterations
    hashlib.pbkdf2_hmac("sha256", password, salt, ROUNDS)
    # ruleid: oreva.python.weak-password-hash.few-iterations
    return bcrypt.hashpw(password, bcrypt.gensalt(rounds=4))


def stored(password, salt):
    # ok: oreva.python.weak-password-hash.few-iterations
    hashlib.pbkdf2_hmac("sha512", password, salt, 210_000)
    # ok: oreva.python.weak-password-hash.few-iterations
    return bcrypt.hashpw(password, bcrypt.gensalt())
