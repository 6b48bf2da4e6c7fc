import xml.etree.ElementTree as ET
from io import BytesIO
from xml.dom import minidom

import defusedxml.ElementTree
from flask import Flask, request
from lxml import etree

app = Flask(__name__)


@app.route("/feed", methods=["POST"])
def feed():
    # ruleid: oreva.python.xxe.xml-parse-taint
    return ET.fromstring(request.get_data()).tag


@app.route("/lxml", methods=["POST"])
def with_lxml():
    body = BytesIO(request.data)
    # ruleid: oreva.python.xxe.xml-parse-taint
    return etree.parse(body).getroot().tag


def upload(request):
    # ruleid: oreva.python.xxe.xml-parse-taint
    return minidom.parseString(request.FILES["document"].read())


@app.route("/safe-defused", methods=["POST"])
def safe_defused():
    # ok: oreva.python.xxe.xml-parse-taint
    return defusedxml.ElementTree.fromstring(request.get_data()).tag


@app.route("/safe-parser", methods=["POST"])
def safe_parser():
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    # ok: oreva.python.xxe.xml-parse-taint
    return etree.fromstring(request.get_data(), parser).tag


def safe_file():
    # ok: oreva.python.xxe.xml-parse-taint
    return ET.parse("settings.xml").getroot().tag
