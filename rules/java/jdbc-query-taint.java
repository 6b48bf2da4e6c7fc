import java.sql.*;
import java.util.*;
import javax.servlet.http.*;
import org.springframework.web.bind.annotation.*;

public class UserQueries extends HttpServlet {
  private static final Set<String> SORTABLE = Set.of("name", "age");
  private static final Map<String, String> COLUMNS = Map.of("name", "u.name");
  private Connection connection;
  private JdbcTemplate jdbcTemplate;

  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {
    String name = request.getParameter("name");
    Statement statement = connection.createStatement();
    // ruleid: oreva.java.sql-injection.jdbc-query-taint
    ResultSet rows = statement.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");
    StringBuilder sql = new StringBuilder("SELECT * FROM users WHERE 1 = 1");
    if (name != null) {
      sql.append(" AND name = '").append(name).append("'");
    }
    // ruleid: oreva.java.sql-injection.jdbc-query-taint
    statement.execute(sql.toString());
    String city = "nowhere";
    for (Cookie cookie : request.getCookies()) {
      if (cookie.getName().equals("city")) city = cookie.getValue();
    }
    // ruleid: oreva.java.sql-injection.jdbc-query-taint
    PreparedStatement prepared = connection.prepareStatement(String.format("SELECT * FROM c WHERE city = '%s'", city));
    List<String> parts = new ArrayList<>();
    parts.add(request.getHeader("X-Tenant"));
    // ruleid: oreva.java.sql-injection.jdbc-query-taint
    statement.executeUpdate("DELETE FROM t WHERE tenant = '" + parts.get(0) + "'");
  }

  @GetMapping("/users")
  public List<Map<String, Object>> list(@RequestParam("owner") String owner, @RequestParam int page) {
    String sql = "SELECT * FROM users WHERE owner = '";
    sql += owner;
    sql += "'";
    // ruleid: oreva.java.sql-injection.jdbc-query-taint
    return jdbcTemplate.queryForList(sql);
  }

  public void safe(HttpServletRequest request, HttpClient client) throws Exception {
    String name = request.getParameter("name");
    // ok: oreva.java.sql-injection.jdbc-query-taint
    PreparedStatement query = connection.prepareStatement("SELECT * FROM users WHERE name = ?");
    query.setString(1, name);
    // ok: oreva.java.sql-injection.jdbc-query-taint
    query.executeQuery();
    // ok: oreva.java.sql-injection.jdbc-query-taint
    jdbcTemplate.queryForList("SELECT * FROM users WHERE name = ?", name);
    int id = Integer.parseInt(request.getParameter("id"));
    Statement statement = connection.createStatement();
    // ok: oreva.java.sql-injection.jdbc-query-taint
    statement.executeQuery("SELECT * FROM users WHERE id = " + id);
    String sort = request.getParameter("sort");
    if (!SORTABLE.contains(sort)) throw new IllegalArgumentException("sort");
    // ok: oreva.java.sql-injection.jdbc-query-taint
    statement.executeQuery("SELECT * FROM users ORDER BY " + sort);
    // ok: oreva.java.sql-injection.jdbc-query-taint
    statement.executeQuery("SELECT * FROM users ORDER BY " + COLUMNS.get(request.getParameter("sort")));
    // ok: oreva.java.sql-injection.jdbc-query-taint
    client.execute(new HttpGet("/audit/" + name));
    name = "admin";
    // ok: oreva.java.sql-injection.jdbc-query-taint
    statement.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");
  }

  @GetMapping("/page")
  public List<Map<String, Object>> page(@RequestParam int page) {
    // ok: oreva.java.sql-injection.jdbc-query-taint
    return jdbcTemplate.queryForList("SELECT * FROM users LIMIT 20 OFFSET " + page * 20);
  }
}
