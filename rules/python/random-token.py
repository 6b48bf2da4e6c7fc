import random
import secrets
import string
import uuid

ALPHABET = string.ascii_letters + string.digits


def reset(user):
    # ruleid: oreva.python.insecure-randomness.random-token
    user.reset_token = "".join(random.choice(ALPHABET) for _ in range(32))
    user.save()


def new_password(length=12):
    characters = []
    for _ in range(length):
        characters.append(random.choice(ALPHABET))
    # ruleid: oreva.python.insecure-randomness.random-token
    password = "".join(characters)
    return password


def generate_token():
    # ruleid: oreva.python.insecure-randomness.random-token
    return "%032x" % random.getrandbits(128)


def login(session):
    # ruleid: oreva.python.insecure-randomness.random-token
    session["session_id"] = str(uuid.uuid1())


def safe_secrets(user):
    # ok: oreva.python.insecure-randomness.random-token
    user.reset_token = secrets.token_urlsafe(32)


def safe_system_random():
    # ok: oreva.python.insecure-randomness.random-token
    password = "".join(random.SystemRandom().choice(ALPHABET) for _ in range(16))
    return password


def safe_other_use(words):
    # ok: oreva.python.insecure-randomness.random-token
    colour = random.choice(words)
    return colour


def safe_uuid(user):
    # ok: oreva.python.insecure-randomness.random-token
    user.api_key = uuid.uuid4().hex
