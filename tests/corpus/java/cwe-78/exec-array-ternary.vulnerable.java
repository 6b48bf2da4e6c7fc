import java.io.IOException;
import javax.servlet.http.*;

class LookupServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String param = request.getHeader("X-Host");
        int num = 106;
        String host = (7 * 18) + num < 200 ? "localhost" : param;
        String[] command = {"sh", "-c", "nslookup " + host};
        Runtime.getRuntime().exec(command);
    }
}
