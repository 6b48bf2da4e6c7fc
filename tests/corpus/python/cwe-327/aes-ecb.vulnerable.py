import os

from Crypto.Cipher import AES
from Crypto.Util.Padding import pad


class Vault:
    def __init__(self):
        self.key = bytes.fromhex(os.environ["VAULT_KEY"])

    def seal(self, text: str) -> bytes:
        cipher = AES.new(self.key, AES.MODE_ECB)
        return cipher.encrypt(pad(text.encode(), AES.block_size))
