import paramiko
from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric import ec, rsa

BITS = 1024


def make():
    # ruleid: oreva.python.weak-crypto.short-asymmetric-key
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def make_named():
    # ruleid: oreva.python.weak-crypto.short-asymmetric-key
    return RSA.generate(BITS)


def make_ssh():
    # ruleid: oreva.python.weak-crypto.short-asymmetric-key
    return paramiko.RSAKey.generate(1536)


def safe_long():
    # ok: oreva.python.weak-crypto.short-asymmetric-key
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def safe_limit():
    # ok: oreva.python.weak-crypto.short-asymmetric-key
    return RSA.generate(2048)


def safe_curve():
    # ok: oreva.python.weak-crypto.short-asymmetric-key
    return ec.generate_private_key(ec.SECP256R1())
