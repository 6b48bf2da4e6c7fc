import os
from pathlib import Path


def write_key(folder: Path, key: bytes) -> None:
    target = folder / "service.key"
    target.write_bytes(key)
    os.chmod(target, 0o666)
