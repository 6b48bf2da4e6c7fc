import xml.sax
from xml.sax import handler
from xml.sax.handler import feature_external_ges

from lxml import etree


def read(data):
    # ruleid: oreva.python.xxe.lxml-external-entities
    parser = etree.XMLParser(load_dtd=True, resolve_entities=True)
    return etree.fromstring(data, parser)


def read_remote(path):
    # ruleid: oreva.python.xxe.lxml-external-entities
    return etree.parse(path, etree.XMLParser(no_network=False))


def stream(path):
    reader = xml.sax.make_parser()
    # ruleid: oreva.python.xxe.lxml-external-entities
    reader.setFeature(feature_external_ges, True)
    reader.parse(path)


def safe_closed(data):
    # ok: oreva.python.xxe.lxml-external-entities
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def safe_default(data):
    # ok: oreva.python.xxe.lxml-external-entities
    return etree.fromstring(data, etree.XMLParser(remove_comments=True))


def safe_stream(path):
    reader = xml.sax.make_parser()
    # ok: oreva.python.xxe.lxml-external-entities
    reader.setFeature(handler.feature_external_ges, False)
    reader.parse(path)
