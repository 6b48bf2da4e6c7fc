package com.acme.ops;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

public class A12Exec extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String[] command = new String[] {"/bin/sh", "-c", "nslookup " + req.getParameter("host")};
        Process process = Runtime.getRuntime().exec(command);
        resp.setContentType("text/plain");
        process.getInputStream().transferTo(resp.getOutputStream());
    }
}
