import javax.crypto.*;

public class Vault {
  byte[] encrypt(SecretKey key, byte[] text) throws Exception {
    // ruleid: oreva.java.weak-cipher.insecure-cipher
    Cipher old = Cipher.getInstance("DES/CBC/PKCS5Padding");
    // ruleid: oreva.java.weak-cipher.insecure-cipher
    Cipher plain = Cipher.getInstance("AES");
    // ruleid: oreva.java.weak-cipher.insecure-cipher
    Cipher blocks = javax.crypto.Cipher.getInstance("AES/ECB/PKCS5Padding", "SunJCE");
    blocks.init(Cipher.ENCRYPT_MODE, key);
    return blocks.doFinal(text);
  }

  void safe() throws Exception {
    // ok: oreva.java.weak-cipher.insecure-cipher
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    // ok: oreva.java.weak-cipher.insecure-cipher
    Cipher wrap = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
    // ok: oreva.java.weak-cipher.insecure-cipher
    KeyGenerator keys = KeyGenerator.getInstance("AES");
  }
}
