import tarfile
import zipfile


def unpack(path, folder):
    with tarfile.open(path) as archive:
        # ruleid: oreva.python.path-traversal.tarfile-extract-unfiltered
        archive.extractall(folder)


def unpack_stream(stream):
    archive = tarfile.open(fileobj=stream, mode="r|gz")
    # ruleid: oreva.python.path-traversal.tarfile-extract-unfiltered
    archive.extractall(path="/srv/data")
    archive.close()


def unpack_at_once(path):
    # ruleid: oreva.python.path-traversal.tarfile-extract-unfiltered
    tarfile.open(path).extractall()


def safe_filter(path, folder):
    with tarfile.open(path) as archive:
        # ok: oreva.python.path-traversal.tarfile-extract-unfiltered
        archive.extractall(folder, filter="data")


def safe_members(path, folder):
    with tarfile.open(path) as archive:
        # ok: oreva.python.path-traversal.tarfile-extract-unfiltered
        archive.extractall(folder, members=checked(archive))


def safe_default_filter(path, folder):
    archive = tarfile.open(path)
    archive.extraction_filter = tarfile.data_filter
    # ok: oreva.python.path-traversal.tarfile-extract-unfiltered
    archive.extractall(folder)


def safe_zip(path, folder):
    with zipfile.ZipFile(path) as archive:
        # ok: oreva.python.path-traversal.tarfile-extract-unfiltered
        archive.extractall(folder)


def safe_both(path, folder):
    with tarfile.open(path) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(folder, filter="data")
        else:
            # ok: oreva.python.path-traversal.tarfile-extract-unfiltered
            archive.extractall(folder)
