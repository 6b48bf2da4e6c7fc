import java.io.*;
import java.util.Base64;
import javax.servlet.http.*;

class ThemeServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String theme = "default";
        for (Cookie cookie : request.getCookies()) {
            if (cookie.getName().equals("theme")) {
                theme = "dark".equals(cookie.getValue()) ? "dark" : "light";
            }
        }
        try (FileReader reader = new FileReader("/srv/themes/" + theme + ".css")) {
            reader.transferTo(response.getWriter());
        }
    }
}
