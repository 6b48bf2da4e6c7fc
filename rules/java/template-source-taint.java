import org.apache.velocity.app.Velocity;
import org.springframework.web.bind.annotation.*;

@RestController
class Cards {
    @GetMapping("/a")
    void a(@RequestParam String text) {
        // ruleid: oreva.java.template-injection.template-source-taint
        Velocity.evaluate(context, out, "card", text);
    }

    @GetMapping("/b")
    void b(@RequestParam String text) throws Exception {
        // ruleid: oreva.java.template-injection.template-source-taint
        new Template("card", new StringReader("<p>" + text), configuration);
    }

    @GetMapping("/c")
    void c(@RequestParam String text) {
        context.put("text", text);
        // ok: oreva.java.template-injection.template-source-taint
        Velocity.evaluate(context, out, "card", "<p>$text</p>");
    }

    @GetMapping("/d")
    void d(@RequestParam String text) throws Exception {
        // ok: oreva.java.template-injection.template-source-taint
        new Template("card", new StringReader("<p>${text}</p>"), configuration);
    }
}
