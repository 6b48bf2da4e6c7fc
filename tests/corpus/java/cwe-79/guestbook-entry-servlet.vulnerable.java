package com.example.guestbook;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.servlet.annotation.WebServlet;
import javax.servlet.http.*;

@WebServlet("/guestbook/preview")
public class GuestbookPreviewServlet extends HttpServlet {

    private Map<String, String> fields(HttpServletRequest request) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Name", request.getParameter("name"));
        fields.put("Town", request.getParameter("town"));
        fields.put("Message", request.getParameter("message"));
        return fields;
    }

    private String row(String label, String value) {
        return "<dt>" + label + "</dt><dd>" + (value == null ? "" : value) + "</dd>";
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        PrintWriter out = response.getWriter();
        out.println("<dl>");
        for (Map.Entry<String, String> field : fields(request).entrySet()) {
            out.println(row(field.getKey(), field.getValue()));
        }
        out.println("</dl>");
    }
}
