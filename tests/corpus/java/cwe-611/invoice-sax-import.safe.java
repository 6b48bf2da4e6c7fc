package com.example.invoices;

import java.io.InputStream;
import javax.servlet.http.HttpServletRequest;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

@RestController
public class InvoiceImportController {

    static class LineCounter extends DefaultHandler {
        final StringBuilder text = new StringBuilder();
        int lines;

        @Override
        public void startElement(String uri, String local, String name, Attributes attributes) {
            if ("line".equals(name)) {
                lines++;
            }
        }

        @Override
        public void characters(char[] chars, int start, int length) {
            text.append(chars, start, length);
        }
    }

    private SAXParser newParser() throws Exception {
        SAXParserFactory factory = SAXParserFactory.newInstance();
        factory.setNamespaceAware(false);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newSAXParser();
    }

    @PostMapping(value = "/invoices", consumes = "application/xml")
    public ResponseEntity<String> upload(HttpServletRequest request) throws Exception {
        LineCounter counter = new LineCounter();
        try (InputStream body = request.getInputStream()) {
            newParser().parse(body, counter);
        }
        return ResponseEntity.ok(counter.lines + " lines, " + counter.text.length() + " characters");
    }
}
