import java.io.IOException;
import javax.servlet.http.*;
import javax.xml.parsers.*;
import org.w3c.dom.Document;

class ImportServlet extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            Document document = builder.parse(request.getInputStream());
            response.getWriter().println(document.getDocumentElement().getTagName());
        } catch (Exception e) {
            response.sendError(400);
        }
    }
}
