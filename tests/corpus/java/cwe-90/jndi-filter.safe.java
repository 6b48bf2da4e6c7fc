import javax.naming.*;
import javax.naming.directory.*;
import javax.servlet.http.*;

class DirectoryLogin extends HttpServlet {
    private DirContext context;

    boolean exists(HttpServletRequest request) throws NamingException {
        String user = request.getParameter("user");
        SearchControls controls = new SearchControls();
        return context.search("ou=people", "(&(objectClass=person)(uid={0}))", new Object[] {user}, controls).hasMore();
    }
}
