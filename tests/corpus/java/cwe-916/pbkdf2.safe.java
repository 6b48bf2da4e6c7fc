import java.security.GeneralSecurityException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

class PasswordHash {
    byte[] hash(char[] password, byte[] salt) throws GeneralSecurityException {
        int rounds = 310_000;
        PBEKeySpec spec = new PBEKeySpec(password, salt, rounds, 256);
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    }
}
