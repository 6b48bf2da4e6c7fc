import os

from Crypto.Cipher import AES


class Vault:
    def __init__(self):
        self.key = bytes.fromhex(os.environ["VAULT_KEY"])

    def seal(self, text: str) -> bytes:
        cipher = AES.new(self.key, AES.MODE_GCM)
        data, tag = cipher.encrypt_and_digest(text.encode())
        return cipher.nonce + tag + data
