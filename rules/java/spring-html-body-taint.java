import org.springframework.http.*;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.util.HtmlUtils;

@RestController
class Pages {
    @GetMapping(value = "/a", produces = MediaType.TEXT_HTML_VALUE)
    String a(@RequestParam String q) {
        String page = "<p>" + q + "</p>";
        // ruleid: oreva.java.xss.spring-html-body-taint
        return page;
    }

    @GetMapping("/b")
    ResponseEntity<String> b(@RequestParam String q) {
        // ruleid: oreva.java.xss.spring-html-body-taint
        return ResponseEntity.ok().contentType(MediaType.TEXT_HTML).body("<b>" + q);
    }

    @GetMapping(value = "/c", produces = "text/html")
    String c(@RequestParam String q) {
        // ok: oreva.java.xss.spring-html-body-taint
        return "<p>" + HtmlUtils.htmlEscape(q) + "</p>";
    }

    @GetMapping(value = "/d", produces = "application/json")
    String d(@RequestParam String q) {
        // ok: oreva.java.xss.spring-html-body-taint
        return q;
    }
}
