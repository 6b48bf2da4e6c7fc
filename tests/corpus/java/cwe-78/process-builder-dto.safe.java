package com.acme.ops;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class A13ProcessBuilderDto {
    public enum Database { CRM, SHOP }

    public static class BackupRequest {
        private Database database;

        public Database getDatabase() {
            return database;
        }

        public void setDatabase(Database database) {
            this.database = database;
        }
    }

    @PostMapping("/backup")
    public int backup(@RequestBody BackupRequest request) throws IOException, InterruptedException {
        String name = request.getDatabase() == Database.CRM ? "crm" : "shop";
        List<String> command = new ArrayList<>();
        command.add("pg_dump");
        command.add("--file=/backup/dump.sql");
        command.add(name);
        return new ProcessBuilder(command).start().waitFor();
    }
}
