import javax.crypto.spec.SecretKeySpec;

class Sealer {
    SecretKeySpec key() {
        String text = "S3al-0rders-4242";
        return new SecretKeySpec(
            text.getBytes(), "AES");
    }
}
