import os
import stat
from pathlib import Path


def share(path):
    # ruleid: oreva.python.permissions.world-writable-permission
    os.chmod(path, 0o777)


def share_path(path: Path):
    # ruleid: oreva.python.permissions.world-writable-permission
    path.chmod(0o666)


def share_flag(path):
    # ruleid: oreva.python.permissions.world-writable-permission
    os.chmod(path, stat.S_IRUSR | stat.S_IWOTH)


def open_mask():
    # ruleid: oreva.python.permissions.world-writable-permission
    os.umask(0)


def safe_mode(path):
    # ok: oreva.python.permissions.world-writable-permission
    os.chmod(path, 0o755)


def safe_private(path: Path):
    # ok: oreva.python.permissions.world-writable-permission
    path.chmod(0o600)


def safe_sticky(path):
    # ok: oreva.python.permissions.world-writable-permission
    os.chmod(path, 0o1777)


def safe_removed(path):
    # ok: oreva.python.permissions.world-writable-permission
    os.chmod(path, path.stat().st_mode & ~stat.S_IWOTH)


def safe_mask():
    # ok: oreva.python.permissions.world-writable-permission
    os.umask(0o077)


def safe_read_mask():
    # ok: oreva.python.permissions.world-writable-permission
    mask = os.umask(0)
    os.umask(mask)
    return mask
