package com.acme.web;

import java.util.Set;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

public class A21TrustBoundary extends HttpServlet {
    private static final Set<String> THEMES = Set.of("light", "dark");

    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) {
        HttpSession session = req.getSession();
        String theme = req.getParameter("theme");
        if (!THEMES.contains(theme)) {
            resp.setStatus(400);
            return;
        }
        session.setAttribute("theme", theme);
        resp.setStatus(204);
    }
}
