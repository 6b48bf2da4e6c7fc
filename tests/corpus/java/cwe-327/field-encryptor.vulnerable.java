package com.example.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

public final class FieldEncryptor {
    private static final String TRANSFORMATION = "AES/ECB/PKCS5Padding";
    private final SecretKey key;

    public FieldEncryptor(SecretKey key) {
        this.key = key;
    }

    public String encrypt(String value) {
        if (value == null) {
            return null;
        }
        try {
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(Cipher.ENCRYPT_MODE, key);
            byte[] sealed = cipher.doFinal(value.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("field could not be encrypted", e);
        }
    }
}
