import java.io.IOException;
import java.net.URI;
import java.net.http.*;
import java.util.Map;
import org.springframework.web.bind.annotation.*;

@RestController
class FetchController {
    private static final Map<String, String> HOSTS = Map.of("a", "https://a.example.com");
    private final HttpClient client = HttpClient.newHttpClient();

    @GetMapping("/fetch")
    String fetch(@RequestParam String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(HOSTS.get(address))).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
