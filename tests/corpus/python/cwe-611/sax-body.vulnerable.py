import io
import xml.sax

from flask import Flask, request

from .handlers import Feed

app = Flask(__name__)


@app.post("/feed")
def feed():
    handler = Feed()
    body = io.BytesIO(request.get_data())
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    parser.setContentHandler(handler)
    parser.parse(body)
    return {"items": handler.count}
