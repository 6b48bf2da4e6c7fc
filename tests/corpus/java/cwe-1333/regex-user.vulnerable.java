import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.*;

@RestController
class GrepController {
    @GetMapping("/grep")
    boolean grep(@RequestParam String pattern, @RequestParam String text) {
        return Pattern.compile(pattern).matcher(text).find();
    }
}
