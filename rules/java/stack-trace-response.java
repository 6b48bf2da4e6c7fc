import java.io.*;
import javax.servlet.http.*;

class Export extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            run();
        } catch (Exception e) {
            // ruleid: oreva.java.error-detail.stack-trace-response
            e.printStackTrace(response.getWriter());
        }
    }

    protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        try {
            run();
        } catch (Exception e) {
            // ruleid: oreva.java.error-detail.stack-trace-response
            e.printStackTrace(out);
        }
    }

    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            run();
        } catch (Exception e) {
            // ok: oreva.java.error-detail.stack-trace-response
            e.printStackTrace();
            // ok: oreva.java.error-detail.stack-trace-response
            response.sendError(500);
        }
    }
}
