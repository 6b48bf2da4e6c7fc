package p;
import java.sql.*;
class V1 {
    void a(Connection c, String id, String alias, long n, String column) throws SQLException {
        // ruleid: oreva.java.sql-injection.quoted-value-query
        c.createStatement().executeUpdate("UPDATE ticket SET archived = 1 WHERE id = " + id);
        // ok: oreva.java.sql-injection.quoted-value-query
        c.createStatement().executeUpdate("UPDATE ticket SET archived = 1 WHERE id = " + n);
        // ok: oreva.java.sql-injection.quoted-value-query
        c.createStatement().executeQuery("SELECT * FROM t WHERE t.id = " + alias + ".id");
        // ok: oreva.java.sql-injection.quoted-value-query
        c.createStatement().executeQuery("SELECT * FROM t WHERE t.id = " + id + ".id");
        // ok: oreva.java.sql-injection.quoted-value-query
        c.createStatement().executeQuery("SELECT * FROM t WHERE t.id = " + column);
        // ruleid: oreva.java.sql-injection.quoted-value-query
        c.createStatement().executeQuery(String.format("SELECT * FROM t WHERE id = %s", id));
        // ok: oreva.java.sql-injection.quoted-value-query
        c.prepareStatement("SELECT " + column + " FROM t WHERE id = ?");
    }
}
