import java.io.IOException;
import java.io.PrintWriter;
import javax.servlet.http.*;
import org.slf4j.*;

class ReportServlet extends HttpServlet {
    private static final Logger log = LoggerFactory.getLogger(ReportServlet.class);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            response.getWriter().println(compute());
        } catch (RuntimeException problem) {
            log.error("report failed", problem);
            response.sendError(500);
        }
    }

    private String compute() { return "ok"; }
}
