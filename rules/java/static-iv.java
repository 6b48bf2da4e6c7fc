import java.security.SecureRandom;
import javax.crypto.*;
import javax.crypto.spec.*;

public class Messages {
  void encrypt(Cipher cipher, SecretKey key) throws Exception {
    // ruleid: oreva.java.weak-cipher.static-iv
    IvParameterSpec vector = new IvParameterSpec("0123456789abcdef".getBytes());
    byte[] fixed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    byte[] nonce = new byte[12];
    // ruleid: oreva.java.weak-cipher.static-iv
    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
    // ruleid: oreva.java.weak-cipher.static-iv
    SecretKeySpec weak = new SecretKeySpec("s3cr3t-key-12345".getBytes("UTF-8"), "AES");
  }

  void safe(Cipher cipher, SecretKey key, byte[] stored) throws Exception {
    byte[] nonce = new byte[12];
    new SecureRandom().nextBytes(nonce);
    // ok: oreva.java.weak-cipher.static-iv
    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
    byte[] vector = new byte[16];
    System.arraycopy(stored, 0, vector, 0, 16);
    // ok: oreva.java.weak-cipher.static-iv
    IvParameterSpec read = new IvParameterSpec(vector);
    // ok: oreva.java.weak-cipher.static-iv
    SecretKeySpec loaded = new SecretKeySpec(System.getenv("KEY").getBytes(), "AES");
  }
}
