import os

from Crypto.Cipher import AES, ARC4, DES3
from Crypto.Cipher import DES as Des
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def old(key, data):
    # ruleid: oreva.python.weak-crypto.weak-cipher
    return Des.new(key, Des.MODE_CBC, os.urandom(8)).encrypt(data)


def stream(key, data):
    # ruleid: oreva.python.weak-crypto.weak-cipher
    return ARC4.new(key).encrypt(data)


def triple(key, iv, data):
    # ruleid: oreva.python.weak-crypto.weak-cipher
    one = DES3.new(key, DES3.MODE_CFB, iv)
    # ruleid: oreva.python.weak-crypto.weak-cipher
    two = Cipher(algorithms.Blowfish(key), modes.CBC(iv)).encryptor()
    return two.update(one.encrypt(data))


def safe_aes(key, data):
    # ok: oreva.python.weak-crypto.weak-cipher
    return AES.new(key, AES.MODE_GCM).encrypt_and_digest(data)


def safe_aead(key, data):
    # ok: oreva.python.weak-crypto.weak-cipher
    return AESGCM(key).encrypt(os.urandom(12), data, None)


def safe_algorithm(key, iv):
    # ok: oreva.python.weak-crypto.weak-cipher
    return Cipher(algorithms.AES(key), modes.CTR(iv))
