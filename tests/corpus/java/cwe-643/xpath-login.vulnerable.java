import javax.servlet.http.*;
import javax.xml.xpath.*;
import org.w3c.dom.Document;

class XmlLogin extends HttpServlet {
    private Document users;

    String role(HttpServletRequest request) throws XPathExpressionException {
        String name = request.getParameter("name");
        XPath xpath = XPathFactory.newInstance().newXPath();
        String expression = "//user[name='" + name + "']/role/text()";
        return xpath.evaluate(expression, users);
    }
}
