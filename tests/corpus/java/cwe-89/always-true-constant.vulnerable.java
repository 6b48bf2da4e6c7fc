import java.sql.*;
import javax.servlet.http.*;

class SortServlet extends HttpServlet {
    private Connection connection;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String order = request.getParameter("order");
        int width = 86;
        String column;
        if ((width * 3) - 100 > 400) {
            column = "name";
        } else {
            column = order;
        }
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT * FROM product ORDER BY " + column);
        } catch (SQLException e) {
            response.setStatus(500);
        }
    }
}
