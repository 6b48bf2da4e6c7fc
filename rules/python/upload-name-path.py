import os

from fastapi import FastAPI, UploadFile
from flask import request
from werkzeug.utils import secure_filename

app = FastAPI()


def photos():
    sent = request.files["photo"]
    # ruleid: oreva.python.file-upload.upload-name-path
    sent.save(os.path.join("/srv/photos", sent.filename))


@app.post("/files")
async def files(file: UploadFile):
    # ruleid: oreva.python.file-upload.upload-name-path
    with open("/srv/files/" + file.filename, "wb") as out:
        out.write(await file.read())


def cleaned():
    sent = request.files["photo"]
    # ok: oreva.python.file-upload.upload-name-path
    sent.save(os.path.join("/srv/photos", secure_filename(sent.filename)))


@app.post("/own-name")
async def own_name(file: UploadFile):
    ending = os.path.splitext(file.filename)[1]
    # ok: oreva.python.file-upload.upload-name-path
    with open("/srv/files/1" + ending, "wb") as out:
        out.write(await file.read())
