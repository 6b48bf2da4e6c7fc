import java.sql.*;

public class Stores {
  Connection open() throws SQLException {
    // ruleid: oreva.java.hard-coded-secret.database-password
    return DriverManager.getConnection("jdbc:postgresql://db.internal/shop", "shop", "kX9-opal-river");
  }

  void configure(HikariConfig config) {
    // ruleid: oreva.java.hard-coded-secret.database-password
    config.setPassword("Tr0ub4dor");
  }

  Connection safe(HikariConfig config) throws SQLException {
    // ok: oreva.java.hard-coded-secret.database-password
    config.setPassword(System.getenv("DB_PASSWORD"));
    // ok: oreva.java.hard-coded-secret.database-password
    DriverManager.getConnection("jdbc:h2:mem:test", "sa", "");
    // ok: oreva.java.hard-coded-secret.database-password
    user.setPassword("a new password");
    // ok: oreva.java.hard-coded-secret.database-password
    return DriverManager.getConnection(url, user, secrets.read("db"));
  }
}
