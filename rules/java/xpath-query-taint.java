import javax.servlet.http.*;
import javax.xml.xpath.*;

public class Accounts extends HttpServlet {
  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
    XPath xpath = XPathFactory.newInstance().newXPath();
    String user = request.getParameter("user");
    String expression = "//account[@user='" + user + "']/role/text()";
    // ruleid: oreva.java.xpath-injection.xpath-query-taint
    String role = xpath.evaluate(expression, document);
    // ruleid: oreva.java.xpath-injection.xpath-query-taint
    XPathExpression compiled = xpath.compile("//account[@id='" + request.getHeader("X-Id") + "']");
  }

  protected void safe(HttpServletRequest request) throws Exception {
    XPath xpath = XPathFactory.newInstance().newXPath();
    xpath.setXPathVariableResolver(name -> request.getParameter("user"));
    // ok: oreva.java.xpath-injection.xpath-query-taint
    xpath.evaluate("//account[@user=$user]/role/text()", document);
    int id = Integer.parseInt(request.getParameter("id"));
    // ok: oreva.java.xpath-injection.xpath-query-taint
    xpath.evaluate("//account[@id='" + id + "']", document);
  }
}
