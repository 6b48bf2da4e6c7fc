import java.io.IOException;
import org.springframework.web.bind.annotation.*;

@RestController
class DiagnosticsController {
    @PostMapping("/ping")
    void ping(@RequestParam String host) throws IOException {
        Runtime.getRuntime().exec("sh -c 'ping -c 1 " + host + "'");
    }
}
