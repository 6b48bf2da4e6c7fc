package com.example.pairing;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Service;

@Service
public class PairingService {
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final Map<String, Instant> accessTokens = new ConcurrentHashMap<>();
    private final Random random = new Random();

    private String newAccessToken() {
        StringBuilder token = new StringBuilder(24);
        for (int i = 0; i < 24; i++) {
            token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return token.toString();
    }

    public String pair() {
        String token = newAccessToken();
        accessTokens.put(token, Instant.now().plus(LIFETIME));
        return token;
    }

    public boolean accepts(String token) {
        Instant expiry = accessTokens.get(token);
        return expiry != null && expiry.isAfter(Instant.now());
    }
}
