import javax.naming.*;
import javax.naming.directory.*;
import javax.servlet.http.*;

class DirectoryLogin extends HttpServlet {
    private DirContext context;

    boolean exists(HttpServletRequest request) throws NamingException {
        String user = request.getParameter("user");
        SearchControls controls = new SearchControls();
        String filter = "(&(objectClass=person)(uid=" + user + "))";
        return context.search("ou=people", filter, controls).hasMore();
    }
}
