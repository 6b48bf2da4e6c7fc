import os
import shutil
import tarfile
import zipfile
from pathlib import Path


def unpack(archive_path, folder):
    with zipfile.ZipFile(archive_path) as archive:
        for name in archive.namelist():
            target = os.path.join(folder, name)
            # ruleid: oreva.python.path-traversal.zip-entry-path
            with open(target, "wb") as out:
                out.write(archive.read(name))


def unpack_tar(archive_path, folder: Path):
    with tarfile.open(archive_path) as archive:
        for member in archive.getmembers():
            path = folder / member.name
            # ruleid: oreva.python.path-traversal.zip-entry-path
            path.write_bytes(archive.extractfile(member).read())


def unpack_info(archive, folder):
    for info in archive.infolist():
        # ruleid: oreva.python.path-traversal.zip-entry-path
        os.makedirs(os.path.dirname(f"{folder}/{info.filename}"), exist_ok=True)


def safe_checked(archive_path, folder: Path):
    with zipfile.ZipFile(archive_path) as archive:
        for name in archive.namelist():
            target = (folder / name).resolve()
            if not target.is_relative_to(folder):
                raise ValueError(name)
            # ok: oreva.python.path-traversal.zip-entry-path
            target.write_bytes(archive.read(name))


def safe_base_name(archive_path, folder):
    with zipfile.ZipFile(archive_path) as archive:
        for name in archive.namelist():
            # ok: oreva.python.path-traversal.zip-entry-path
            with archive.open(name) as source, open(os.path.join(folder, os.path.basename(name)), "wb") as out:
                shutil.copyfileobj(source, out)


def safe_extract(archive_path, folder):
    with zipfile.ZipFile(archive_path) as archive:
        for name in archive.namelist():
            # ok: oreva.python.path-traversal.zip-entry-path
            archive.extract(name, folder)


def safe_listing(archive_path):
    with zipfile.ZipFile(archive_path) as archive:
        # ok: oreva.python.path-traversal.zip-entry-path
        Path("listing.txt").write_text("\n".join(archive.namelist()))


class Extractor:
    def safe_method(self, archive_path, folder):
        with zipfile.ZipFile(archive_path) as archive:
            for name in archive.namelist():
                path = self.target(folder, name)
                # ok: oreva.python.path-traversal.zip-entry-path
                with open(path, "wb") as out:
                    out.write(archive.read(name))
