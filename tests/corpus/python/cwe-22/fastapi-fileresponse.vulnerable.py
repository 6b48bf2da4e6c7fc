from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse

app = FastAPI()
ROOT = Path("/srv/avatars")


@app.get("/avatars/{name:path}")
def avatar(name: str):
    return FileResponse(ROOT / name)
