package com.acme.auth;

import javax.servlet.http.HttpServletRequest;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

public class A09XPath {
    private final Document users;

    public A09XPath(Document users) {
        this.users = users;
    }

    public boolean check(HttpServletRequest request) throws XPathExpressionException {
        String user = request.getParameter("user");
        XPath xpath = XPathFactory.newInstance().newXPath();
        String expression = String.format("/users/user[@name='%s']", user);
        NodeList nodes = (NodeList) xpath.evaluate(expression, users, XPathConstants.NODESET);
        return nodes.getLength() == 1;
    }
}
