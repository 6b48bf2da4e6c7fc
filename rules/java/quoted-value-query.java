import java.sql.*;

public class UserStore {
  private Connection connection;
  private EntityManager manager;

  User byName(String name) throws SQLException {
    Statement statement = connection.createStatement();
    // ruleid: oreva.java.sql-injection.quoted-value-query
    return read(statement.executeQuery("SELECT * FROM users WHERE name = '" + name + "' LIMIT 1"));
  }

  Object search(int limit, String term) {
    String query = String.format("SELECT u FROM User u WHERE u.name LIKE '%%%s%%'", term);
    // ruleid: oreva.java.sql-injection.quoted-value-query
    return manager.createQuery(query).setMaxResults(limit).getResultList();
  }

  User safe(String name, String table, int id) throws SQLException {
    // ok: oreva.java.sql-injection.quoted-value-query
    PreparedStatement query = connection.prepareStatement("SELECT * FROM users WHERE name = ?");
    query.setString(1, name);
    // ok: oreva.java.sql-injection.quoted-value-query
    ResultSet counted = connection.createStatement().executeQuery("SELECT count(*) FROM " + table);
    // ok: oreva.java.sql-injection.quoted-value-query
    ResultSet found = connection.createStatement().executeQuery("SELECT * FROM users WHERE id = '" + id + "'");
    String label = "where name = '" + name + "'";
    log(label);
    return read(query.executeQuery());
  }
}
