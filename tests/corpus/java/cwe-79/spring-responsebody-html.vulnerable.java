import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.*;

@RestController
class NotFoundController {
    @GetMapping(value = "/search", produces = MediaType.TEXT_HTML_VALUE)
    String search(@RequestParam String q) {
        String page = "<p>Nothing found for " + q + "</p>";
        return page;
    }
}
