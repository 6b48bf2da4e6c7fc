import javax.crypto.spec.PBEKeySpec;

class Hashing {
    private static final int ROUNDS = 1000;

    Object a(char[] password, byte[] salt) {
        // ruleid: oreva.java.weak-password-hash.few-iterations
        return new PBEKeySpec(password, salt, 1000, 256);
    }

    Object b(char[] password, byte[] salt) {
        // ruleid: oreva.java.weak-password-hash.few-iterations
        return new PBEKeySpec(password, salt, ROUNDS, 256);
    }

    Object c(char[] password, byte[] salt) {
        // ok: oreva.java.weak-password-hash.few-iterations
        return new PBEKeySpec(password, salt, 210_000, 256);
    }

    Object d(char[] password, byte[] salt, int rounds) {
        // ok: oreva.java.weak-password-hash.few-iterations
        return new PBEKeySpec(password, salt, rounds, 256);
    }
}
