package com.acme.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.security.interfaces.RSAPublicKey;
import javax.servlet.http.HttpServletRequest;

public class A30Jwt {
    public static boolean isAdmin(HttpServletRequest request, RSAPublicKey key) {
        String token = request.getHeader("Authorization").substring("Bearer ".length());
        DecodedJWT jwt = JWT.require(Algorithm.RSA256(key, null)).build().verify(token);
        return "admin".equals(jwt.getClaim("role").asString());
    }
}
