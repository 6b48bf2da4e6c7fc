package com.acme.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.DecodedJWT;
import javax.servlet.http.HttpServletRequest;

public class A30Jwt {
    public static boolean isAdmin(HttpServletRequest request) {
        String token = request.getHeader("Authorization").substring("Bearer ".length());
        DecodedJWT jwt = JWT.decode(token);
        return "admin".equals(jwt.getClaim("role").asString());
    }
}
