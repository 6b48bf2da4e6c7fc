import java.io.*;
import javax.xml.XMLConstants;
import javax.xml.parsers.*;
import javax.xml.stream.*;

public class Importer {
  Document parse(InputStream in) throws Exception {
    // ruleid: oreva.java.xxe.xml-external-entities
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    DocumentBuilder builder = factory.newDocumentBuilder();
    return builder.parse(in);
  }

  Object stream(InputStream in) throws Exception {
    // ruleid: oreva.java.xxe.xml-external-entities
    XMLInputFactory factory = XMLInputFactory.newInstance();
    return factory.createXMLStreamReader(in);
  }

  Object reader(InputStream in) throws Exception {
    // ruleid: oreva.java.xxe.xml-external-entities
    return new SAXReader().read(in);
  }

  Document undone(InputStream in) throws Exception {
    // ruleid: oreva.java.xxe.xml-external-entities
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://xml.org/sax/features/namespaces", true);
    return factory.newDocumentBuilder().parse(in);
  }

  Document safe(InputStream in) throws Exception {
    // ok: oreva.java.xxe.xml-external-entities
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(in);
  }

  Object safeStream(InputStream in) throws Exception {
    // ok: oreva.java.xxe.xml-external-entities
    XMLInputFactory factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    return factory.createXMLStreamReader(in);
  }

  Object safeParser() throws Exception {
    // ok: oreva.java.xxe.xml-external-entities
    SAXParserFactory factory = SAXParserFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    return factory.newSAXParser();
  }

  DocumentBuilder resolving() throws Exception {
    // ok: oreva.java.xxe.xml-external-entities
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    DocumentBuilder builder = factory.newDocumentBuilder();
    builder.setEntityResolver(new EmptyResolver());
    return builder;
  }

    org.w3c.dom.Document empty() throws Exception {
        // ok: oreva.java.xxe.xml-external-entities
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        org.w3c.dom.Document document = builder.newDocument();
        return document;
    }
}
