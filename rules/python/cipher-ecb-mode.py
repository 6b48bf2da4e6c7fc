from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def encrypt(key, data):
    # ruleid: oreva.python.weak-crypto.cipher-ecb-mode
    return AES.new(key, AES.MODE_ECB).encrypt(data)


def encrypt_named(key, data):
    # ruleid: oreva.python.weak-crypto.cipher-ecb-mode
    return AES.new(key, mode=AES.MODE_ECB).encrypt(data)


def encryptor(key):
    # ruleid: oreva.python.weak-crypto.cipher-ecb-mode
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor()


def safe_gcm(key, data):
    # ok: oreva.python.weak-crypto.cipher-ecb-mode
    return AES.new(key, AES.MODE_GCM).encrypt_and_digest(data)


def safe_ctr(key, nonce):
    # ok: oreva.python.weak-crypto.cipher-ecb-mode
    return Cipher(algorithms.AES(key), modes.CTR(nonce)).encryptor()
