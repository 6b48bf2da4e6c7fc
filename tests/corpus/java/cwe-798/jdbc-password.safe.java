import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

class Database {
    Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://db/shop", "shop", System.getenv("DB_PASSWORD"));
    }
}
