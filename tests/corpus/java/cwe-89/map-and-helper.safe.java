import java.sql.*;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.http.*;

class AccountServlet extends HttpServlet {
    private Connection connection;

    private String quoted(String value) {
        return "'" + value + "'";
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        Map<String, String> filters = new HashMap<>();
        filters.put("owner", request.getParameter("owner"));
        String owner = filters.get("owner");
        try (Statement statement = connection.createStatement()) {
            PreparedStatement update = connection.prepareStatement("UPDATE account SET seen = 1 WHERE owner = ?");
            update.setString(1, owner);
            update.executeUpdate();
        } catch (SQLException e) {
            response.setStatus(500);
        }
    }
}
