import java.io.*;
import javax.servlet.http.*;

class DownloadServlet extends HttpServlet {
    private static final String BASE = "/srv/files/";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = request.getParameter("name");
        File file = new File(BASE, new File(name).getName());
        try (InputStream in = new FileInputStream(file)) {
            in.transferTo(response.getOutputStream());
        }
    }
}
