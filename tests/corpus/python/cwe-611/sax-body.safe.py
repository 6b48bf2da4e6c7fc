import io
import xml.sax

import defusedxml.sax
from flask import Flask, request

from .handlers import Feed

app = Flask(__name__)


@app.post("/feed")
def feed():
    handler = Feed()
    body = io.BytesIO(request.get_data())
    defusedxml.sax.parse(body, handler)
    return {"items": handler.count}
