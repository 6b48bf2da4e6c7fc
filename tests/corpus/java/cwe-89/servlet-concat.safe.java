import java.io.IOException;
import java.sql.*;
import javax.servlet.http.*;

class OrdersServlet extends HttpServlet {
    private Connection connection;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String customer = request.getParameter("customer");
        try {
            PreparedStatement statement = connection.prepareStatement("SELECT id FROM orders WHERE customer = ?");
            statement.setString(1, customer);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                response.getWriter().println(rows.getInt(1));
            }
        } catch (SQLException e) {
            response.sendError(500);
        }
    }
}
