import gzip
import zlib

from flask import request


def a():
    # ruleid: oreva.python.decompression.unbounded-decompression
    return zlib.decompress(request.data)


def b():
    body = request.get_data()
    # ruleid: oreva.python.decompression.unbounded-decompression
    return gzip.decompress(body)


def c():
    # ok: oreva.python.decompression.unbounded-decompression
    return zlib.decompressobj().decompress(request.data, 1_000_000)


def d(stored):
    # ok: oreva.python.decompression.unbounded-decompression
    return gzip.decompress(stored)
