package com.example.badges;

import java.io.File;
import javax.servlet.http.HttpServletRequest;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.*;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;
import org.w3c.dom.Document;

@RestController
public class BadgeController {
    private final XPath xpath = XPathFactory.newInstance().newXPath();

    private Document registry() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new File("/etc/badges/registry.xml"));
    }

    private String expression(String badge) {
        return "/registry/person[badge='" + badge + "']/door/text()";
    }

    @GetMapping("/doors")
    public ResponseEntity<String> door(HttpServletRequest request) throws Exception {
        String badge = request.getParameter("badge");
        if (badge == null || badge.isBlank()) {
            return ResponseEntity.badRequest().build();
        }
        String door = xpath.evaluate(expression(badge), registry());
        return door.isEmpty() ? ResponseEntity.notFound().build() : ResponseEntity.ok(door);
    }
}
