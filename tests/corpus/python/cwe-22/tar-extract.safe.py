import io
import tarfile

from flask import Flask, request

app = Flask(__name__)


@app.post("/theme")
def theme():
    archive = tarfile.open(fileobj=io.BytesIO(request.data))
    archive.extractall(
        "/srv/theme", filter="data"
    )
    return "", 204
