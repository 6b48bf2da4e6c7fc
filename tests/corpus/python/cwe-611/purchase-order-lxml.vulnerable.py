from decimal import Decimal

from flask import Flask, jsonify, request
from lxml import etree

app = Flask(__name__)


class OrderReader:
    namespace = {"o": "urn:example:order"}

    def __init__(self):
        self.parser = etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=False)

    def read(self, data):
        root = etree.fromstring(data, parser=self.parser)
        lines = root.findall("o:line", self.namespace)
        return {
            "reference": root.findtext("o:reference", default="", namespaces=self.namespace),
            "note": root.findtext("o:note", default="", namespaces=self.namespace),
            "total": str(sum((Decimal(line.get("amount", "0")) for line in lines), Decimal(0))),
        }


@app.post("/orders/import")
def import_order():
    if request.mimetype != "application/xml":
        return jsonify(error="XML expected"), 415
    try:
        order = OrderReader().read(request.get_data())
    except etree.XMLSyntaxError:
        return jsonify(error="malformed order"), 400
    return jsonify(order)
