package com.acme.web;

import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletResponse;

public class A20Cookie {
    public void remember(HttpServletResponse response, String token) {
        Cookie cookie = new Cookie("remember", token);
        cookie.setPath("/");
        cookie.setMaxAge(30 * 24 * 3600);
        response.addCookie(cookie);
    }
}
