package com.example.statements;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.*;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/statements")
public class StatementController {
    private final Path root = Path.of("/var/lib/bank/statements").toAbsolutePath().normalize();

    private Path locate(String account, String file) {
        Path path = root.resolve(account).resolve(file).normalize();
        if (!path.startsWith(root)) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
        }
        return path;
    }

    @GetMapping("/{account}")
    public ResponseEntity<Resource> download(@PathVariable String account, @RequestParam String file)
            throws IOException {
        Path path = locate(account, file);
        if (!Files.isRegularFile(path)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .contentLength(Files.size(path))
                .body(new FileSystemResource(path));
    }
}
