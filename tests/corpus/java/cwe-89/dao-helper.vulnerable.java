package com.acme.api;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.sql.DataSource;

public class A04DaoHelper extends HttpServlet {
    private DataSource ds;

    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String id = request.getParameter("id");
        try {
            archive(id);
            response.setStatus(204);
        } catch (SQLException e) {
            response.setStatus(500);
        }
    }

    private void archive(String id) throws SQLException {
        try (Connection connection = ds.getConnection(); Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE ticket SET archived = 1 WHERE id = " + id);
        }
    }
}
