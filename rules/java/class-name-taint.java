import org.springframework.web.bind.annotation.*;

@RestController
class Plugins {
    @GetMapping("/run")
    Object run(@RequestParam String type) throws Exception {
        // ruleid: oreva.java.unsafe-reflection.class-name-taint
        return Class.forName(type).getDeclaredConstructor().newInstance();
    }

    @GetMapping("/call")
    Object call(@RequestParam String method, Report report) throws Exception {
        // ruleid: oreva.java.unsafe-reflection.class-name-taint
        return report.getClass().getMethod(method).invoke(report);
    }

    @GetMapping("/fixed")
    Object fixed(@RequestParam String type) throws Exception {
        // ok: oreva.java.unsafe-reflection.class-name-taint
        return Class.forName("org.example.Csv").getDeclaredConstructor().newInstance();
    }

    @GetMapping("/listed")
    Object listed(@RequestParam String type) throws Exception {
        // ok: oreva.java.unsafe-reflection.class-name-taint
        return Class.forName(CLASSES.get(type));
    }
}
