package com.acme.auth;

import java.security.SecureRandom;

public class A19Random {
    private static final String CHARS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private final SecureRandom rng = new SecureRandom();

    public String newResetToken() {
        StringBuilder token = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            token.append(CHARS.charAt(rng.nextInt(CHARS.length())));
        }
        return token.toString();
    }
}
