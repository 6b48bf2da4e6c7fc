import javax.servlet.http.*;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class Login extends HttpServlet {
    private static final Logger log = LoggerFactory.getLogger(Login.class);

    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String user = request.getParameter("user");
        // ruleid: oreva.java.log-injection.log-line-taint
        log.info("failed: " + user);
        // ruleid: oreva.java.log-injection.log-line-taint
        log.warn("failed: {}", user);
        // ok: oreva.java.log-injection.log-line-taint
        log.warn("failed: {}", user.replaceAll("[\\r\\n]", "_"));
        // ok: oreva.java.log-injection.log-line-taint
        log.info("failed");
        // ok: oreva.java.log-injection.log-line-taint
        log.info("age {}", Integer.parseInt(request.getParameter("age")));
    }
}
