import groovy.lang.GroovyShell;
import javax.servlet.http.*;

class RuleServlet extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String rule = request.getParameter("rule");
        StringBuilder script = new StringBuilder("def price = 10;");
        script.append(rule);
        new GroovyShell().evaluate(script.toString());
    }
}
