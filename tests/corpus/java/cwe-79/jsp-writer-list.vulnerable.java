import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.servlet.http.*;

class TagServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/html");
        List<String> values = new ArrayList<>();
        values.add("safe");
        values.add(request.getParameter("tag"));
        values.remove(0);
        String bar = values.get(0);
        response.getWriter().write("<b>" + bar + "</b>");
    }
}
