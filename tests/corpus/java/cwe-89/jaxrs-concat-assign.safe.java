import java.sql.*;
import javax.ws.rs.*;

@Path("/cars")
class CarResource {
    private Connection connection;

    @GET
    @Path("/{make}")
    public int count(@PathParam("make") String make) throws SQLException {
        String sql = "SELECT count(*) FROM car WHERE 1 = 1";
        sql += " AND make = ?";
        try (PreparedStatement statement = connection.prepareStatement(
                sql)) {
            statement.setString(1, make);
            ResultSet rows = statement.executeQuery();
            rows.next();
            return rows.getInt(1);
        }
    }
}
