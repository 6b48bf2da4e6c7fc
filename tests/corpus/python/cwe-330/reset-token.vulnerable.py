import random
import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def password_reset_token() -> str:
    token = "".join(
        random.choice(ALPHABET) for _ in range(32)
    )
    return token
