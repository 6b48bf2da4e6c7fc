import javax.servlet.http.*;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class AuditServlet extends HttpServlet {
    private static final Logger log = LoggerFactory.getLogger(AuditServlet.class);

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String user = request.getParameter("user");
        log.info("login failed for {}", user.replaceAll("[\r\n]", "_"));
    }
}
