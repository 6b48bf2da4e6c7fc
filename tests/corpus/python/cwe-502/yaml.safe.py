import yaml
from flask import Flask, request

app = Flask(__name__)


@app.post("/pipeline")
def pipeline():
    upload = request.files["pipeline"]
    document = yaml.load(upload.stream, Loader=yaml.SafeLoader)
    return {"steps": len(document["steps"])}
