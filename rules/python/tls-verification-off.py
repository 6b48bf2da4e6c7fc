import ssl
import urllib.request

import aiohttp
import httpx
import requests


def fetch(url):
    # ruleid: oreva.python.tls.tls-verification-off
    return requests.get(url, verify=False, timeout=5)


def session(url):
    client = requests.Session()
    # ruleid: oreva.python.tls.tls-verification-off
    client.verify = False
    return client.get(url)


async def many(urls):
    # ruleid: oreva.python.tls.tls-verification-off
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as client:
        return [await client.get(url) for url in urls]


def client():
    # ruleid: oreva.python.tls.tls-verification-off
    return httpx.AsyncClient(base_url="https://api.example.com", verify=False)


def context():
    context = ssl.create_default_context()
    context.check_hostname = False
    # ruleid: oreva.python.tls.tls-verification-off
    context.verify_mode = ssl.CERT_NONE
    return context


def everywhere():
    # ruleid: oreva.python.tls.tls-verification-off
    ssl._create_default_https_context = ssl._create_unverified_context


def safe_default(url):
    # ok: oreva.python.tls.tls-verification-off
    return requests.get(url, timeout=5)


def safe_bundle(url):
    # ok: oreva.python.tls.tls-verification-off
    return requests.get(url, verify="/etc/ssl/company-ca.pem", timeout=5)


def safe_setting(url, verify):
    # ok: oreva.python.tls.tls-verification-off
    return requests.get(url, verify=verify, timeout=5)


def safe_option(verify):
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        # ok: oreva.python.tls.tls-verification-off
        context.verify_mode = ssl.CERT_NONE
    return context


def safe_context(url):
    # ok: oreva.python.tls.tls-verification-off
    return urllib.request.urlopen(url, context=ssl.create_default_context())
