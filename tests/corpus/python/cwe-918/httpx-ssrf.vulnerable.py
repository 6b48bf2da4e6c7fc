import httpx
from fastapi import APIRouter, HTTPException

router = APIRouter()


@router.get("/preview")
async def preview(url: str):
    if not url.startswith("http"):
        raise HTTPException(status_code=400)
    async with httpx.AsyncClient(timeout=5) as client:
        response = await client.get(url, follow_redirects=True)
    return {"status": response.status_code, "title": response.text[:200]}
