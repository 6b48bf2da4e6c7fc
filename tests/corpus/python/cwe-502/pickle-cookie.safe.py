import base64
import json

from flask import Flask, request

app = Flask(__name__)


@app.get("/basket")
def basket():
    stored = base64.b64decode(request.cookies.get("basket", ""))
    items = json.loads(stored)
    return {"items": list(items)}
