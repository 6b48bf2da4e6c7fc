package com.acme.xml;

import java.io.Reader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

public class A06XxeStax {
    private final XMLInputFactory factory;

    public A06XxeStax() {
        factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    }

    public int count(Reader reader) throws XMLStreamException {
        XMLStreamReader xml = factory.createXMLStreamReader(reader);
        int elements = 0;
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamReader.START_ELEMENT) {
                elements++;
            }
        }
        return elements;
    }
}
