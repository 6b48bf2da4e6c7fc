package com.example.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

public final class FieldEncryptor {
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private final SecureRandom random = new SecureRandom();
    private final SecretKey key;

    public FieldEncryptor(SecretKey key) {
        this.key = key;
    }

    public String encrypt(String value) {
        if (value == null) {
            return null;
        }
        try {
            byte[] nonce = new byte[12];
            random.nextBytes(nonce);
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            byte[] sealed = cipher.doFinal(value.getBytes(StandardCharsets.UTF_8));
            byte[] joined = ByteBuffer.allocate(12 + sealed.length).put(nonce).put(sealed).array();
            return Base64.getEncoder().encodeToString(joined);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("field could not be encrypted", e);
        }
    }
}
