import uuid

from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/documents")
async def documents(document: UploadFile):
    target = f"/srv/documents/{uuid.uuid4()}"
    with open(target, "wb") as out:
        out.write(await document.read())
    return {"stored": True}
