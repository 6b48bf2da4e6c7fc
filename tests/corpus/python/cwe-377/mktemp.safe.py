import os
import tempfile


def render(document: bytes) -> str:
    handle, name = tempfile.mkstemp(suffix=".pdf")
    with os.fdopen(handle, "wb") as out:
        out.write(document)
    return name
