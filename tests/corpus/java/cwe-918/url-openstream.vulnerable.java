import java.io.*;
import java.net.URL;
import javax.servlet.http.*;

class ImageProxy extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        URL source = new URL(request.getParameter("src"));
        try (InputStream in = source.openStream()) {
            in.transferTo(response.getOutputStream());
        }
    }
}
