package com.acme.api;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestTemplate;

@RestController
public class A15SsrfRest {
    private final RestTemplate rest = new RestTemplate();

    @GetMapping("/fetch")
    public ResponseEntity<String> fetch(@RequestParam("url") String url) {
        String body = rest.getForObject(url, String.class);
        return ResponseEntity.ok(String.valueOf(body == null ? 0 : body.length()));
    }
}
