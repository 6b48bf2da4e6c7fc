import javax.script.*;
import javax.servlet.http.*;
import org.springframework.expression.spel.standard.*;

public class Pricing extends HttpServlet {
  private final SpelExpressionParser parser = new SpelExpressionParser();

  protected void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String formula = request.getParameter("formula");
    // ruleid: oreva.java.expression-injection.expression-taint
    Object price = parser.parseExpression(formula).getValue();
    ScriptEngine engine = new ScriptEngineManager().getEngineByName("js");
    // ruleid: oreva.java.expression-injection.expression-taint
    engine.eval("var price = " + request.getParameter("price"));
  }

  protected void safe(HttpServletRequest request) throws Exception {
    // ok: oreva.java.expression-injection.expression-taint
    Expression rule = parser.parseExpression("price * (1 - #discount)");
    ScriptEngine engine = new ScriptEngineManager().getEngineByName("js");
    engine.put("price", Double.parseDouble(request.getParameter("price")));
    // ok: oreva.java.expression-injection.expression-taint
    engine.eval("price * 2");
    // ok: oreva.java.expression-injection.expression-taint
    engine.eval("price = " + Integer.parseInt(request.getParameter("price")));
  }
}
