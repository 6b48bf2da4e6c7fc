import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

class Passwords {
    byte[] hash(String password) throws NoSuchAlgorithmException {
        String algorithm = "MD5";
        MessageDigest digest = MessageDigest.getInstance(algorithm);
        return digest.digest(password.getBytes(StandardCharsets.UTF_8));
    }
}
