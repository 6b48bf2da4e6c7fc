import tempfile
from pathlib import Path


def export(text):
    # ruleid: oreva.python.insecure-temporary-file.predictable-temp-file
    path = tempfile.mktemp(suffix=".csv")
    Path(path).write_text(text)


def dump(data):
    # ruleid: oreva.python.insecure-temporary-file.predictable-temp-file
    with open("/tmp/dump.bin", "wb") as handle:
        handle.write(data)


def note(text):
    # ruleid: oreva.python.insecure-temporary-file.predictable-temp-file
    Path("/var/tmp/note").write_text(text)


def safe_named(text):
    # ok: oreva.python.insecure-temporary-file.predictable-temp-file
    with tempfile.NamedTemporaryFile("w") as handle:
        handle.write(text)


def safe_made():
    # ok: oreva.python.insecure-temporary-file.predictable-temp-file
    return tempfile.mkstemp(suffix=".csv")


def safe_read():
    # ok: oreva.python.insecure-temporary-file.predictable-temp-file
    with open("/tmp/input.csv") as handle:
        return handle.read()


def safe_exclusive(data):
    # ok: oreva.python.insecure-temporary-file.predictable-temp-file
    with open("/tmp/shop.lock", "x") as handle:
        handle.write(data)
