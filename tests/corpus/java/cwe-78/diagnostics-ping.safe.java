package com.example.diagnostics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.*;

@RestController
public class DiagnosticsController {
    private static final Pattern HOST = Pattern.compile("[a-z0-9][a-z0-9.-]{0,252}");

    private List<String> command(String host, int count) {
        List<String> command = new ArrayList<>();
        command.add("ping");
        command.add("-c");
        command.add(Integer.toString(count));
        command.add(host);
        return command;
    }

    @GetMapping("/diagnostics/ping")
    public String ping(@RequestParam String host, @RequestParam(defaultValue = "3") int count) throws IOException {
        if (!HOST.matcher(host).matches() || count > 10) {
            return "invalid request";
        }
        Process process = new ProcessBuilder(command(host, count)).redirectErrorStream(true).start();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            return reader.lines().collect(Collectors.joining("\n"));
        }
    }
}
