import javax.naming.directory.*;
import javax.servlet.http.*;

public class Directory extends HttpServlet {
  private DirContext context;

  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String uid = request.getParameter("uid");
    String filter = "(&(objectClass=person)(uid=" + uid + "))";
    // ruleid: oreva.java.ldap-injection.ldap-filter-taint
    context.search("ou=people,dc=example", filter, new SearchControls());
    InitialDirContext other = new InitialDirContext(environment);
    // ruleid: oreva.java.ldap-injection.ldap-filter-taint
    other.search("ou=people", String.format("(mail=%s)", request.getHeader("X-Mail")), null);
  }

  protected void safe(HttpServletRequest request) throws Exception {
    String uid = request.getParameter("uid");
    // ok: oreva.java.ldap-injection.ldap-filter-taint
    context.search("ou=people", "(uid={0})", new Object[] {uid}, new SearchControls());
    // ok: oreva.java.ldap-injection.ldap-filter-taint
    context.search("ou=people", "(uid=" + LdapEncoder.filterEncode(uid) + ")", new SearchControls());
    // ok: oreva.java.ldap-injection.ldap-filter-taint
    context.search("ou=people", "(objectClass=person)", new SearchControls());
  }
}
