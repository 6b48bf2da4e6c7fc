package com.acme.web;

import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
public class A17RedirectSpring {
    private static final List<String> PAGES = List.of("/home", "/orders", "/profile");

    @PostMapping("/login/done")
    public String done(@RequestParam(required = false) String returnUrl) {
        if (!PAGES.contains(returnUrl)) {
            return "redirect:/home";
        }
        return "redirect:" + returnUrl;
    }
}
