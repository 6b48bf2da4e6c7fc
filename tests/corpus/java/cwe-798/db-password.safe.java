package com.acme.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

public class A26DbPassword {
    private static final String URL = "jdbc:postgresql://db.internal/crm";

    public static Connection open() throws SQLException {
        return DriverManager.getConnection(URL, "crm", System.getenv("DB_PASSWORD"));
    }
}
