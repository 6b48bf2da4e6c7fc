from Crypto.Cipher import AES, DES
from Crypto.Random import get_random_bytes


def encrypt_backup(key: bytes, data: bytes) -> bytes:
    cipher = AES.new(key, AES.MODE_GCM)
    text, tag = cipher.encrypt_and_digest(data)
    return cipher.nonce + tag + text
