import java.util.Map;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.client.RestTemplate;

@RestController
class PreviewController {
    private static final Map<String, String> FEEDS = Map.of("news", "https://news.example.com/rss");
    private final RestTemplate restTemplate = new RestTemplate();

    @GetMapping("/preview")
    String preview(@RequestParam String feed) {
        String url = feed;
        return restTemplate.getForObject(url, String.class);
    }
}
