from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi import HTTPException

app = FastAPI()
ROOT = Path("/srv/avatars")
NAMES = {"fox", "owl", "cat"}


@app.get("/avatars/{name:path}")
def avatar(name: str):
    if name not in NAMES:
        raise HTTPException(404)
    return FileResponse(ROOT / name)
