import uuid

from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/documents")
async def documents(document: UploadFile):
    target = f"/srv/documents/{document.filename}"
    with open(target, "wb") as out:
        out.write(await document.read())
    return {"stored": True}
