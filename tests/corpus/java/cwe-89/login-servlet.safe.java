package com.acme.web;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
        boolean filtered = customer != null && !customer.isEmpty();
        if (filtered) {
            sql.append(" AND customer = ?");
        }
        try (Connection c = dataSource.getConnection(); PreparedStatement st = c.prepareStatement(sql.toString())) {
            if (filtered) {
                st.setString(1, customer);
            }
            ResultSet rs = st.executeQuery();
            while (rs.next()) {
                resp.getWriter().println(rs.getLong(1));
            }
        } catch (SQLException e) {
            resp.sendError(500);
        }
    }
}
