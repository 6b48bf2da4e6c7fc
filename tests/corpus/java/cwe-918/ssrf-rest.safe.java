package com.acme.api;

import java.net.URI;
import java.util.Set;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestTemplate;

@RestController
public class A15SsrfRest {
    private static final Set<String> ALLOWED_HOSTS = Set.of("api.example.com", "cdn.example.com");
    private final RestTemplate rest = new RestTemplate();

    @GetMapping("/fetch")
    public ResponseEntity<String> fetch(@RequestParam("url") String url) {
        URI uri = URI.create(url);
        if (!"https".equals(uri.getScheme()) || !ALLOWED_HOSTS.contains(uri.getHost())) {
            return ResponseEntity.badRequest().build();
        }
        String body = rest.getForObject(uri, String.class);
        return ResponseEntity.ok(String.valueOf(body == null ? 0 : body.length()));
    }
}
