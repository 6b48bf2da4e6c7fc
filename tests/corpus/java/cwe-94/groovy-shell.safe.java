import groovy.lang.GroovyShell;
import javax.servlet.http.*;

class RuleServlet extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String rule = request.getParameter("rule");
        StringBuilder script = new StringBuilder("def price = 10;");
        script.append("price * 2");
        new GroovyShell().evaluate(script.toString());
    }
}
