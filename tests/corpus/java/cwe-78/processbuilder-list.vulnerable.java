import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.servlet.http.*;

class ConvertServlet extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String size = request.getParameter("size");
        List<String> command = new ArrayList<>();
        command.add("sh");
        command.add("-c");
        command.add("convert in.png -resize " + size + " out.png");
        ProcessBuilder builder = new ProcessBuilder();
        builder.command(command);
        builder.start();
    }
}
