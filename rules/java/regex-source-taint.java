import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.*;

@RestController
class Grep {
    @GetMapping("/grep")
    boolean grep(@RequestParam String pattern, String text) {
        // ruleid: oreva.java.regex-injection.regex-source-taint
        return Pattern.compile(pattern).matcher(text).find();
    }

    @GetMapping("/strip")
    String strip(@RequestParam String what, String text) {
        // ruleid: oreva.java.regex-injection.regex-source-taint
        return text.replaceAll("^" + what, "");
    }

    @GetMapping("/quoted")
    boolean quoted(@RequestParam String word, String text) {
        // ok: oreva.java.regex-injection.regex-source-taint
        return Pattern.compile(Pattern.quote(word)).matcher(text).find();
    }

    @GetMapping("/fixed")
    boolean fixed(@RequestParam String word) {
        // ok: oreva.java.regex-injection.regex-source-taint
        return word.matches("[a-z]+");
    }
}
