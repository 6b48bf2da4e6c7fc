import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

class Sealing {
    Object a() {
        // ruleid: oreva.java.hard-coded-key.secret-key-literal
        return new SecretKeySpec("0123456789abcdef".getBytes(), "AES");
    }

    Object b() {
        byte[] key = Base64.getDecoder().decode("c2l4dGVlbiBieXRlcyBrZXk=");
        // ruleid: oreva.java.hard-coded-key.secret-key-literal
        return new SecretKeySpec(key, "AES");
    }

    Object c(byte[] key) {
        // ok: oreva.java.hard-coded-key.secret-key-literal
        return new SecretKeySpec(key, "AES");
    }

    Object d() {
        // ok: oreva.java.hard-coded-key.secret-key-literal
        return new SecretKeySpec(System.getenv("ORDERS_KEY").getBytes(StandardCharsets.UTF_8), "AES");
    }
}
