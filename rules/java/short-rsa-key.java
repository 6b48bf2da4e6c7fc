import java.security.KeyPairGenerator;

class Keys {
    void a() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        // ruleid: oreva.java.weak-key.short-rsa-key
        generator.initialize(1024);
    }

    void b() throws Exception {
        KeyPairGenerator dsa = KeyPairGenerator.getInstance("DSA");
        // ruleid: oreva.java.weak-key.short-rsa-key
        dsa.initialize(1024, new java.security.SecureRandom());
    }

    void c() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        // ok: oreva.java.weak-key.short-rsa-key
        generator.initialize(3072);
    }

    void d() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        // ok: oreva.java.weak-key.short-rsa-key
        generator.initialize(256);
    }
}
