package com.example.hooks;

import java.time.Duration;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

@RestController
@RequestMapping("/hooks")
public class WebhookCheckController {
    private final WebClient client = WebClient.builder().defaultHeader("User-Agent", "hook-check").build();

    public record Hook(String name, String callback) {}

    private Mono<String> probe(String address) {
        return client.get()
                .uri(address)
                .retrieve()
                .bodyToMono(String.class)
                .timeout(Duration.ofSeconds(5));
    }

    @PostMapping("/check")
    public Mono<String> check(@RequestBody Hook hook) {
        if (hook.callback() == null || !hook.callback().startsWith("http")) {
            return Mono.error(new IllegalArgumentException("callback must be an address"));
        }
        return probe(hook.callback()).map(body -> hook.name() + ": " + body.length());
    }
}
