import java.security.SecureRandom;
import java.util.Random;

class Tokens {
    String resetToken() {
        Random random = new SecureRandom();
        StringBuilder token = new StringBuilder();
        for (int i = 0; i < 32; i++) {
            token.append(Character.forDigit(random.nextInt(16), 16));
        }
        return token.toString();
    }
}
