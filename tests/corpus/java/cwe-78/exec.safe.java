package com.acme.ops;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

public class A12Exec extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String host = req.getParameter("host");
        if (host == null || !host.matches("[a-z0-9][a-z0-9.]{0,60}")) {
            resp.sendError(400);
            return;
        }
        String[] command = new String[] {"/usr/bin/nslookup", host};
        Process process = Runtime.getRuntime().exec(command);
        resp.setContentType("text/plain");
        process.getInputStream().transferTo(resp.getOutputStream());
    }
}
