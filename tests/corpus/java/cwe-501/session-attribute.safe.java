import javax.servlet.http.*;

class RoleServlet extends HttpServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String role = request.getParameter("role");
        request.getSession().setAttribute("role", "editor".equals(role) ? "editor" : "reader");
    }
}
