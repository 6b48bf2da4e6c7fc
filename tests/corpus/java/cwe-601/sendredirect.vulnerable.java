import java.io.IOException;
import javax.servlet.http.*;

class LoginServlet extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String target = request.getParameter("next");
        if (target == null) {
            target = "/home";
        }
        response.sendRedirect(target);
    }
}
