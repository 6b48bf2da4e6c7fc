import javax.servlet.http.*;

class ExportServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String name = request.getParameter("file");
        response.setHeader("Content-Disposition", "attachment; filename=" + name);
    }
}
