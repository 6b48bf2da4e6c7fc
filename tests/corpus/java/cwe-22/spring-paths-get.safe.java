import java.io.IOException;
import java.nio.file.*;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;

@RestController
class AvatarController {
    private static final Path ROOT = Paths.get("/srv/avatars");

    @GetMapping("/avatars")
    ResponseEntity<byte[]> avatar(@RequestParam String user) throws IOException {
        Path path = ROOT.resolve(user + ".png").normalize();
        if (!path.startsWith(ROOT)) {
            return ResponseEntity.notFound().build();
        }
        return ResponseEntity.ok(Files.readAllBytes(path));
    }
}
