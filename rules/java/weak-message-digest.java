import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;

public class Checks {
  byte[] hash(byte[] password) throws Exception {
    // ruleid: oreva.java.weak-hash.weak-message-digest
    MessageDigest digest = MessageDigest.getInstance("MD5");
    digest.update(password);
    return digest.digest();
  }

  String fingerprint(String text) throws Exception {
    // ruleid: oreva.java.weak-hash.weak-message-digest
    java.security.MessageDigest digest = java.security.MessageDigest.getInstance("SHA1", "SUN");
    // ruleid: oreva.java.weak-hash.weak-message-digest
    return DigestUtils.md5Hex(text) + digest.getAlgorithm();
  }

  String etag(String page) {
    // ok: oreva.java.weak-hash.weak-message-digest
    return DigestUtils.md5Hex(page);
  }

  String safe(String text) throws Exception {
    // ok: oreva.java.weak-hash.weak-message-digest
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    // ok: oreva.java.weak-hash.weak-message-digest
    MessageDigest chosen = MessageDigest.getInstance(settings.getDigest());
    // ok: oreva.java.weak-hash.weak-message-digest
    return DigestUtils.sha256Hex(text);
  }
}
