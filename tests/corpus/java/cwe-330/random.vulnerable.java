package com.acme.auth;

import java.util.Random;

public class A19Random {
    private static final String CHARS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private final Random rng = new Random();

    public String newResetToken() {
        StringBuilder token = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            token.append(CHARS.charAt(rng.nextInt(CHARS.length())));
        }
        return token.toString();
    }
}
