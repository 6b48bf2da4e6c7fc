import os
import secrets

from Crypto.Cipher import AES
from Crypto.Random import get_random_bytes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VECTOR = b"0123456789abcdef"


def encrypt(key, data):
    # ruleid: oreva.python.weak-crypto.static-iv
    return AES.new(key, AES.MODE_CBC, VECTOR).encrypt(data)


def encrypt_zero(key, data):
    # ruleid: oreva.python.weak-crypto.static-iv
    return AES.new(key, AES.MODE_CBC, iv=b"\x00" * 16).encrypt(data)


def encryptor(key):
    # ruleid: oreva.python.weak-crypto.static-iv
    return Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor()


def seal(key, data):
    # ruleid: oreva.python.weak-crypto.static-iv
    return AESGCM(key).encrypt(b"constant-12b", data, None)


def safe_random(key, data):
    iv = get_random_bytes(16)
    # ok: oreva.python.weak-crypto.static-iv
    return iv + AES.new(key, AES.MODE_CBC, iv).encrypt(data)


def safe_received(key, message):
    # ok: oreva.python.weak-crypto.static-iv
    return AES.new(key, AES.MODE_CBC, message[:16]).decrypt(message[16:])


def safe_nonce(key, data):
    nonce = os.urandom(12)
    # ok: oreva.python.weak-crypto.static-iv
    return nonce + AESGCM(key).encrypt(nonce, data, None)


def safe_inline(key):
    # ok: oreva.python.weak-crypto.static-iv
    return Cipher(algorithms.AES(key), modes.CTR(secrets.token_bytes(16)))
