import os
import tempfile


def render(document: bytes) -> str:
    name = tempfile.mktemp(suffix=".pdf")
    with open(name, "wb") as out:
        out.write(document)
    return name
