from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, HTTPException

router = APIRouter()
ALLOWED_HOSTS = {"cdn.example.com", "images.example.com"}


@router.get("/preview")
async def preview(url: str):
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.hostname not in ALLOWED_HOSTS:
        raise HTTPException(status_code=400)
    async with httpx.AsyncClient(timeout=5) as client:
        response = await client.get(url)
    return {"status": response.status_code, "title": response.text[:200]}
