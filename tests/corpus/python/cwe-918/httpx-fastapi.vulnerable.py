import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/proxy")
async def proxy(url: str):
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.get(url)
    return {"size": len(answer.content)}
