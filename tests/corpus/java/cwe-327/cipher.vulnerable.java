package com.acme.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

public class A10Cipher {
    private static final String TRANSFORMATION = "AES";
    private final SecretKey key;

    public A10Cipher(SecretKey key) {
        this.key = key;
    }

    public String seal(String text) throws Exception {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
