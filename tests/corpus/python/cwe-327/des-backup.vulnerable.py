from Crypto.Cipher import AES, DES
from Crypto.Random import get_random_bytes


def encrypt_backup(key: bytes, data: bytes) -> bytes:
    cipher = DES.new(key, DES.MODE_OFB)
    return cipher.iv + cipher.encrypt(data)
