import java.io.*;
import javax.servlet.http.*;

class SessionImport extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ObjectInputStream in = new ObjectInputStream(request.getInputStream());
        in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("org.example.Basket;java.util.*;!*"));
        try {
            Object basket = in.readObject();
            getServletContext().setAttribute("basket", basket);
        } catch (ClassNotFoundException e) {
            response.sendError(400);
        }
    }
}
