import java.util.*;
import javax.servlet.http.*;
import org.springframework.web.bind.annotation.*;

public class Leaving extends HttpServlet {
  private static final Map<String, String> TARGETS = Map.of("help", "https://help.example.com/");

  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String next = request.getParameter("next");
    // ruleid: oreva.java.open-redirect.redirect-taint
    response.sendRedirect(next);
    // ruleid: oreva.java.open-redirect.redirect-taint
    response.setHeader("Location", "https://" + request.getParameter("host"));
  }

  @GetMapping("/go")
  public String go(@RequestParam String to) {
    // ruleid: oreva.java.open-redirect.redirect-taint
    return "redirect:" + to;
  }

  protected void safe(HttpServletRequest request, HttpServletResponse response) throws Exception {
    // ok: oreva.java.open-redirect.redirect-taint
    response.sendRedirect("/users/" + request.getParameter("id"));
    // ok: oreva.java.open-redirect.redirect-taint
    response.sendRedirect(TARGETS.getOrDefault(request.getParameter("to"), "/"));
    // ok: oreva.java.open-redirect.redirect-taint
    response.sendRedirect(request.getContextPath() + "/login");
    String next = request.getParameter("next");
    if (!isLocalUrl(next)) next = "/";
    // ok: oreva.java.open-redirect.redirect-taint
    response.sendRedirect(next);
  }
}
