import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.util.HtmlUtils;

@RestController
class NotFoundController {
    @GetMapping(value = "/search", produces = MediaType.TEXT_HTML_VALUE)
    String search(@RequestParam String q) {
        String page = "<p>Nothing found for " + HtmlUtils.htmlEscape(q) + "</p>";
        return page;
    }
}
