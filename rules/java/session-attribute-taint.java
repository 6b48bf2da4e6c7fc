import java.util.*;
import javax.servlet.http.*;

public class Preferences extends HttpServlet {
  private static final Set<String> THEMES = Set.of("dark", "light");

  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    // ruleid: oreva.java.trust-boundary.session-attribute-taint
    request.getSession().setAttribute("role", request.getParameter("role"));
    HttpSession session = request.getSession(true);
    String account = request.getHeader("X-Account");
    // ruleid: oreva.java.trust-boundary.session-attribute-taint
    session.setAttribute("account", account);
  }

  protected void safe(HttpServletRequest request) {
    HttpSession session = request.getSession();
    String theme = request.getParameter("theme");
    if (!THEMES.contains(theme)) return;
    // ok: oreva.java.trust-boundary.session-attribute-taint
    session.setAttribute("theme", theme);
    // ok: oreva.java.trust-boundary.session-attribute-taint
    session.setAttribute("page", Integer.parseInt(request.getParameter("page")));
    // ok: oreva.java.trust-boundary.session-attribute-taint
    request.setAttribute("query", request.getParameter("query"));
  }
}
