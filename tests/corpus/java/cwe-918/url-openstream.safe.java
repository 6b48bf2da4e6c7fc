import java.io.*;
import java.net.URL;
import javax.servlet.http.*;

class ImageProxy extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        URL source = new URL("https://images.example.com/logo.png");
        try (InputStream in = source.openStream()) {
            in.transferTo(response.getOutputStream());
        }
    }
}
