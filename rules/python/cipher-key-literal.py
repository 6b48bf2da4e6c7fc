import hmac
import os

from Crypto.Cipher import AES
from cryptography.fernet import Fernet


def seal(text):
    # ruleid: oreva.python.hard-coded-key.cipher-key-literal
    return AES.new(b"0123456789abcdef", AES.MODE_GCM).encrypt(text)


def sign(text):
    key = "correct horse battery staple".encode()
    # ruleid: oreva.python.hard-coded-key.cipher-key-literal
    return hmac.new(key, text, "sha256").hexdigest()


def sealed(text):
    # ok: oreva.python.hard-coded-key.cipher-key-literal
    return Fernet(os.environ["ORDERS_KEY"]).encrypt(text)


def signed(text, key):
    # ok: oreva.python.hard-coded-key.cipher-key-literal
    return hmac.new(key, text, "sha256").hexdigest()


def seal_text(text):
    # ruleid: oreva.python.hard-coded-key.cipher-key-literal
    return Fernet(b"Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE=").encrypt(text)
