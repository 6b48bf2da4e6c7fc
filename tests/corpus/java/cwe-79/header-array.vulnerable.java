import java.io.IOException;
import javax.servlet.http.*;

class EchoServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/html");
        String agent = request.getHeader("User-Agent");
        Object[] values = {"browser", agent};
        response.getWriter().format("<p>%s: %s</p>", values);
    }
}
