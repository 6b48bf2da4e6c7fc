import urllib.request
from urllib.parse import quote, urlparse

import aiohttp
import httpx
import requests
from django.http import HttpResponse, JsonResponse
from fastapi import FastAPI, HTTPException
from flask import Flask, abort, request

app = Flask(__name__)
api = FastAPI()
BACKENDS = {"eu": "https://eu.example.com", "us": "https://us.example.com"}


@app.route("/fetch")
def fetch():
    url = request.args.get("url")
    # ruleid: oreva.python.ssrf.http-client-taint
    return requests.get(url, timeout=5).text


@app.route("/proxy/<path:target>")
def proxy(target):
    # ruleid: oreva.python.ssrf.http-client-taint
    with urllib.request.urlopen("http://" + target) as answer:
        return answer.read()


@api.post("/hooks")
async def hooks(callback: str):
    async with httpx.AsyncClient() as client:
        # ruleid: oreva.python.ssrf.http-client-taint
        answer = await client.post(f"https://{callback}.internal/hook", json={})
    return answer.status_code


@api.get("/preview")
async def preview(link: str):
    async with aiohttp.ClientSession() as session:
        # ruleid: oreva.python.ssrf.http-client-taint
        async with session.get(link) as answer:
            return await answer.text()


def avatar(request):
    session = requests.Session()
    # ruleid: oreva.python.ssrf.http-client-taint
    picture = session.get(request.POST["avatar_url"])
    return HttpResponse(picture.content)


@app.route("/safe-path/<item>")
def safe_path(item):
    # ok: oreva.python.ssrf.http-client-taint
    return requests.get(f"https://api.example.com/items/{quote(item)}", timeout=5).text


@app.route("/safe-concatenated/<item>")
def safe_concatenated(item):
    # ok: oreva.python.ssrf.http-client-taint
    return requests.get("https://api.example.com/items/" + item, timeout=5).text


@app.route("/safe-parameters")
def safe_parameters():
    # ok: oreva.python.ssrf.http-client-taint
    return requests.get("https://api.example.com/", params=request.args, timeout=5).text


@app.route("/safe-table")
def safe_table():
    # ok: oreva.python.ssrf.http-client-taint
    return requests.get(BACKENDS[request.args["region"]], timeout=5).text


@api.post("/safe-host")
def safe_host(url: str):
    if urlparse(url).hostname not in {"images.example.com"}:
        raise HTTPException(400)
    # ok: oreva.python.ssrf.http-client-taint
    return httpx.get(url).text


@app.route("/safe-guard")
def safe_guard():
    url = request.args["url"]
    if not is_public_and_allowed(url):
        abort(400)
    # ok: oreva.python.ssrf.http-client-taint
    return requests.get(url, timeout=5).text


def safe_session(request):
    # ok: oreva.python.ssrf.http-client-taint
    return JsonResponse({"last": request.session.get(request.GET["key"])})
