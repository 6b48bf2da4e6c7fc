import hashlib

from flask import request


def store(password):
    # ruleid: oreva.python.weak-hash.fast-hash-taint
    return hashlib.md5(password.encode()).hexdigest()


def fingerprint():
    digest = hashlib.new("sha1")
    # ruleid: oreva.python.weak-hash.fast-hash-taint
    digest.update(request.form["document"].encode())
    return digest.hexdigest()


def cache_key(url):
    # ok: oreva.python.weak-hash.fast-hash-taint
    return hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()


def part(text):
    # ok: oreva.python.weak-hash.fast-hash-taint
    return hashlib.sha1(text.encode()).hexdigest()


def strong(password):
    # ok: oreva.python.weak-hash.fast-hash-taint
    return hashlib.sha256(password.encode()).hexdigest()
