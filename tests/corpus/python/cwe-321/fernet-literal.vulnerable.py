import os

from cryptography.fernet import Fernet


def seal(text: str) -> bytes:
    return Fernet(b"Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE=").encrypt(text.encode())
