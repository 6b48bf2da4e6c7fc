package com.example.scans;

import java.io.File;
import java.io.IOException;
import java.util.UUID;
import javax.servlet.ServletException;
import javax.servlet.annotation.MultipartConfig;
import javax.servlet.annotation.WebServlet;
import javax.servlet.http.*;

@WebServlet("/scans")
@MultipartConfig(maxFileSize = 10_000_000)
public class ScanUploadServlet extends HttpServlet {
    private static final File INBOX = new File("/srv/scans/inbox");

    private File target(Part part) {
        return new File(INBOX, UUID.randomUUID() + ".pdf");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Part part = request.getPart("scan");
        if (part == null || !"application/pdf".equals(part.getContentType())) {
            response.sendError(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE);
            return;
        }
        File file = target(part);
        part.write(file.getAbsolutePath());
        response.setStatus(HttpServletResponse.SC_CREATED);
        response.setContentType("text/plain");
        response.getWriter().print(part.getSize());
    }
}
