import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;

class Tokens {
    String a(String token) {
        // ruleid: oreva.java.jwt.unverified-token
        return JWT.decode(token).getSubject();
    }

    Algorithm b() {
        // ruleid: oreva.java.jwt.unverified-token
        return Algorithm.none();
    }

    String c(String token, Algorithm algorithm) {
        // ok: oreva.java.jwt.unverified-token
        return JWT.require(algorithm).build().verify(token).getSubject();
    }

    String d(String token) {
        // ok: oreva.java.jwt.unverified-token
        DecodedJWT unchecked = JWT.decode(token);
        verifier.verify(token);
        return unchecked.getSubject();
    }
}
