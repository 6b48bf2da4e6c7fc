package com.acme.ops;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class A13ProcessBuilderDto {
    public static class BackupRequest {
        private String database;

        public String getDatabase() {
            return database;
        }

        public void setDatabase(String database) {
            this.database = database;
        }
    }

    @PostMapping("/backup")
    public int backup(@RequestBody BackupRequest request) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add("bash");
        command.add("-c");
        command.add("pg_dump " + request.getDatabase() + " | gzip > /backup/dump.gz");
        return new ProcessBuilder(command).start().waitFor();
    }
}
