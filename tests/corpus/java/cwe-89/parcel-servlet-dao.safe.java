package com.example.parcels;

import java.io.IOException;
import java.sql.*;
import java.util.ArrayList;
import java.util.List;
import javax.servlet.http.*;
import javax.sql.DataSource;

public class ParcelServlet extends HttpServlet {
    private DataSource dataSource;

    private String buildQuery(String state) {
        StringBuilder sql = new StringBuilder("SELECT tracking FROM parcels WHERE depot = ?");
        if (state != null && !state.isEmpty()) {
            sql.append(" AND state = ?");
        }
        return sql.append(" ORDER BY received").toString();
    }

    private List<String> find(String depot, String state) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(buildQuery(state))) {
            statement.setString(1, depot);
            if (state != null && !state.isEmpty()) {
                statement.setString(2, state);
            }
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                found.add(rows.getString("tracking"));
            }
        }
        return found;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            List<String> found = find(request.getParameter("depot"), request.getParameter("state"));
            response.setContentType("text/plain");
            response.getWriter().print(found.size());
        } catch (SQLException e) {
            response.sendError(500);
        }
    }
}
