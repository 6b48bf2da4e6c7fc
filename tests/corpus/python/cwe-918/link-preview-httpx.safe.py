import re
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
TITLE = re.compile(r"<title>([^<]{0,200})</title>", re.I)
PROVIDERS = {"www.youtube.com", "vimeo.com", "soundcloud.com"}


class PreviewRequest(BaseModel):
    url: str
    locale: str = "en"


def check(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.netloc not in PROVIDERS:
        raise HTTPException(400, "unsupported provider")
    return url


async def fetch(url: str, locale: str) -> str:
    async with httpx.AsyncClient(timeout=5, follow_redirects=False) as client:
        response = await client.get(url, headers={"Accept-Language": locale})
        response.raise_for_status()
        return response.text[:100_000]


@app.post("/preview")
async def preview(body: PreviewRequest):
    page = await fetch(check(body.url), body.locale)
    found = TITLE.search(page)
    return {"title": found.group(1) if found else None}
