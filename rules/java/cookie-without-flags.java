import javax.servlet.http.*;

public class Login extends HttpServlet {
  protected void doPost(HttpServletRequest request, HttpServletResponse response) {
    // ruleid: oreva.java.cookie-flags.cookie-without-flags
    Cookie session = new Cookie("session", id);
    session.setHttpOnly(true);
    response.addCookie(session);
    // ruleid: oreva.java.cookie-flags.cookie-without-flags
    response.addCookie(new Cookie("user", user));
  }

  protected void insecure(HttpServletResponse response) {
    Cookie session = new Cookie("session", id);
    // ruleid: oreva.java.cookie-flags.cookie-without-flags
    session.setSecure(false);
    session.setHttpOnly(true);
    response.addCookie(session);
  }

  protected void safe(HttpServletResponse response) {
    // ok: oreva.java.cookie-flags.cookie-without-flags
    Cookie session = new Cookie("session", id);
    session.setSecure(true);
    session.setHttpOnly(true);
    session.setPath("/");
    response.addCookie(session);
  }

  protected void proxied(RequestWrapper request) {
    // ok: oreva.java.cookie-flags.cookie-without-flags
    request.setSecure(false);
  }

  protected void logout(HttpServletResponse response) {
    // ok: oreva.java.cookie-flags.cookie-without-flags
    Cookie gone = new Cookie("session", "");
    gone.setMaxAge(0);
    response.addCookie(gone);
  }
}
