package com.acme.web;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.servlet.annotation.WebServlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.sql.DataSource;

@WebServlet("/orders")
public class A01LoginServlet extends HttpServlet {
    private DataSource dataSource;

    @Override
    protected void doGet(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String customer = req.getParameter("customer");
        StringBuilder sql = new StringBuilder("SELECT id FROM orders WHERE 1=1");
        if (customer != null && !customer.isEmpty()) {
            sql.append(" AND customer = '").append(customer).append("'");
        }
        try (Connection c = dataSource.getConnection(); Statement st = c.createStatement()) {
            ResultSet rs = st.executeQuery(sql.toString());
            while (rs.next()) {
                resp.getWriter().println(rs.getLong(1));
            }
        } catch (SQLException e) {
            resp.sendError(500);
        }
    }
}
