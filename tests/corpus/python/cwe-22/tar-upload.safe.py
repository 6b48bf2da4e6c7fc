import tarfile
import tempfile

from flask import Flask, request

app = Flask(__name__)


@app.post("/theme")
def theme():
    target = tempfile.mkdtemp()
    with tarfile.open(fileobj=request.files["theme"].stream, mode="r:gz") as archive:
        archive.extractall(target, filter="data")
    return {"ok": True}
