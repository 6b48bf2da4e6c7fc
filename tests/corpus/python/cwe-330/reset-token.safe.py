import random
import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def password_reset_token() -> str:
    token = "".join(
        secrets.choice(ALPHABET) for _ in range(32)
    )
    return token
