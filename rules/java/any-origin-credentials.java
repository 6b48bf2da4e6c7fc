import org.springframework.web.bind.annotation.*;
import org.springframework.web.cors.CorsConfiguration;

class Api {
    // ruleid: oreva.java.cors.any-origin-credentials
    @CrossOrigin(originPatterns = "*", allowCredentials = "true")
    @GetMapping("/a")
    String a() { return "a"; }

    CorsConfiguration open() {
        CorsConfiguration config = new CorsConfiguration();
        // ruleid: oreva.java.cors.any-origin-credentials
        config.addAllowedOriginPattern("*");
        config.setAllowCredentials(true);
        return config;
    }

    // ok: oreva.java.cors.any-origin-credentials
    @CrossOrigin(origins = "https://shop.example.com", allowCredentials = "true")
    @GetMapping("/b")
    String b() { return "b"; }

    // ok: oreva.java.cors.any-origin-credentials
    @CrossOrigin(origins = "*")
    @GetMapping("/c")
    String c() { return "c"; }
}
