import javax.servlet.http.*;

class Headers extends HttpServlet {
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String name = request.getParameter("name");
        // ruleid: oreva.java.header-injection.response-header-taint
        response.setHeader("X-Name", name);
        String text = "attachment; filename=" + name;
        // ruleid: oreva.java.header-injection.response-header-taint
        response.addHeader("Content-Disposition", text);
        // ok: oreva.java.header-injection.response-header-taint
        response.setHeader("X-Name", name.replaceAll("[^a-z]", ""));
        // ok: oreva.java.header-injection.response-header-taint
        response.setHeader("X-Name", "fixed");
        // ok: oreva.java.header-injection.response-header-taint
        response.setHeader("X-Count", String.valueOf(Integer.parseInt(name)));
    }
}
