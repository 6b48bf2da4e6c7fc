package com.example.diagnostics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.*;

@RestController
public class DiagnosticsController {

    private List<String> command(String host, int count) {
        List<String> command = new ArrayList<>();
        command.add("/bin/sh");
        command.add("-c");
        command.add("ping -c " + count + " " + host + " 2>&1 | tail -n 2");
        return command;
    }

    @GetMapping("/diagnostics/ping")
    public String ping(@RequestParam String host, @RequestParam(defaultValue = "3") int count) throws IOException {
        if (host.isBlank() || count > 10) {
            return "invalid request";
        }
        Process process = new ProcessBuilder(command(host, count)).start();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            return reader.lines().collect(Collectors.joining("\n"));
        }
    }
}
