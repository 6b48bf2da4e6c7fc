package com.example.wizard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Base64;
import javax.servlet.http.*;

public class WizardServlet extends HttpServlet {
    private static final String COOKIE = "wizard";

    private String cookie(HttpServletRequest request) {
        if (request.getCookies() == null) {
            return null;
        }
        for (Cookie cookie : request.getCookies()) {
            if (COOKIE.equals(cookie.getName())) {
                return cookie.getValue();
            }
        }
        return null;
    }

    private WizardState restore(String value) throws IOException, ClassNotFoundException {
        byte[] bytes = Base64.getUrlDecoder().decode(value);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (WizardState) in.readObject();
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String value = cookie(request);
        try {
            WizardState state = value == null ? new WizardState() : restore(value);
            response.setContentType("text/plain");
            response.getWriter().print(state.getStep());
        } catch (ClassNotFoundException e) {
            response.sendError(400);
        }
    }
}
