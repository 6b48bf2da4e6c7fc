package com.example.wizard;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import javax.servlet.http.*;

public class WizardServlet extends HttpServlet {
    private static final String COOKIE = "wizard";
    private static final ObjectMapper MAPPER = new ObjectMapper();

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

    private WizardState restore(String value) throws IOException {
        byte[] bytes = Base64.getUrlDecoder().decode(value);
        return MAPPER.readValue(bytes, WizardState.class);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String value = cookie(request);
        try {
            WizardState state = value == null ? new WizardState() : restore(value);
            response.setContentType("text/plain");
            response.getWriter().print(state.getStep());
        } catch (IllegalArgumentException e) {
            response.sendError(400);
        }
    }
}
