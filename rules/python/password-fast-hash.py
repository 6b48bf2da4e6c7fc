import hashlib

import argon2


def register(user, password):
    # ruleid: oreva.python.weak-crypto.password-fast-hash
    user.stored = hashlib.sha256(password.encode()).hexdigest()


def check(user, form):
    # ruleid: oreva.python.weak-crypto.password-fast-hash
    return user.stored == hashlib.md5((user.salt + form.password).encode("utf-8")).hexdigest()


def in_steps(salt, passwd):
    digest = hashlib.sha512()
    digest.update(salt)
    # ruleid: oreva.python.weak-crypto.password-fast-hash
    digest.update(passwd)
    return digest.digest()


def safe_argon2(user, password):
    # ok: oreva.python.weak-crypto.password-fast-hash
    user.stored = argon2.PasswordHasher().hash(password)


def safe_scrypt(password, salt):
    # ok: oreva.python.weak-crypto.password-fast-hash
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def safe_pbkdf2(password, salt):
    # ok: oreva.python.weak-crypto.password-fast-hash
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)


def safe_file(path):
    # ok: oreva.python.weak-crypto.password-fast-hash
    return hashlib.sha256(path.read_bytes()).hexdigest()


def safe_path(password_file):
    # ok: oreva.python.weak-crypto.password-fast-hash
    return hashlib.sha256(password_file.read_bytes()).hexdigest()
