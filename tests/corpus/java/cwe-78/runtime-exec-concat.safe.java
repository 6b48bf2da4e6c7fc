import java.io.IOException;
import org.springframework.web.bind.annotation.*;

@RestController
class DiagnosticsController {
    @PostMapping("/ping")
    void ping(@RequestParam String host) throws IOException {
        Runtime.getRuntime().exec(new String[] {"ping", "-c", "1", "10.0.0.1"});
    }
}
