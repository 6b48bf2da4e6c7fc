package com.acme.web;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
public class A17RedirectSpring {
    @PostMapping("/login/done")
    public String done(@RequestParam(required = false) String returnUrl) {
        if (returnUrl == null || returnUrl.isBlank()) {
            return "redirect:/home";
        }
        return "redirect:" + returnUrl;
    }
}
