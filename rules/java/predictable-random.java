import java.security.SecureRandom;
import java.util.*;

public class Tokens {
  private final SecureRandom secure = new SecureRandom();

  String reset(User user) {
    Random random = new Random();
    // ruleid: oreva.java.weak-random.predictable-random
    String resetToken = Long.toHexString(random.nextLong());
    // ruleid: oreva.java.weak-random.predictable-random
    user.setPassword(RandomStringUtils.randomAlphanumeric(12));
    // ruleid: oreva.java.weak-random.predictable-random
    int otp = (int) (Math.random() * 1000000);
    return resetToken + otp;
  }

  String generateToken() {
    Random random = new Random(System.currentTimeMillis());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 16; i++) text.append(random.nextInt(10));
    // ruleid: oreva.java.weak-random.predictable-random
    return text.toString();
  }

  int safe() {
    // ok: oreva.java.weak-random.predictable-random
    String sessionToken = Long.toHexString(secure.nextLong());
    SecureRandom random = new SecureRandom();
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    // ok: oreva.java.weak-random.predictable-random
    int otp = random.nextInt(1000000);
    // ok: oreva.java.weak-random.predictable-random
    int dice = new Random().nextInt(6) + 1;
    // ok: oreva.java.weak-random.predictable-random
    double delay = Math.random() * 1000;
    return dice + otp;
  }
}
