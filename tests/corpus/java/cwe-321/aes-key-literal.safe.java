import javax.crypto.spec.SecretKeySpec;

class Sealer {
    SecretKeySpec key() {
        String text = System.getenv("SEAL_KEY");
        return new SecretKeySpec(
            text.getBytes(), "AES");
    }
}
