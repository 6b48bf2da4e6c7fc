import ssl

import urllib3
from OpenSSL import SSL


def bad_context():
    # ruleid: oreva.python.tls-version.outdated-tls-version
    return ssl.SSLContext(ssl.PROTOCOL_TLSv1)


def bad_minimum():
    context = ssl.create_default_context()
    # ruleid: oreva.python.tls-version.outdated-tls-version
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    return context


def bad_pool():
    # ruleid: oreva.python.tls-version.outdated-tls-version
    return urllib3.PoolManager(ssl_version=ssl.PROTOCOL_TLSv1_1)


def bad_openssl():
    # ruleid: oreva.python.tls-version.outdated-tls-version
    return SSL.Context(SSL.SSLv3_METHOD)


def safe_client():
    # ok: oreva.python.tls-version.outdated-tls-version
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def safe_minimum():
    context = ssl.create_default_context()
    # ok: oreva.python.tls-version.outdated-tls-version
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def safe_openssl():
    # ok: oreva.python.tls-version.outdated-tls-version
    return SSL.Context(SSL.TLS_METHOD)
