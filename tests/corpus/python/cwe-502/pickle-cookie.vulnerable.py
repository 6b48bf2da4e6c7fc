import base64
import pickle

from flask import Flask, request

app = Flask(__name__)


@app.get("/basket")
def basket():
    stored = base64.b64decode(request.cookies.get("basket", ""))
    items = pickle.loads(stored)
    return {"items": list(items)}
