package com.example.login;

import javax.servlet.http.HttpSession;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

@Controller
public class LoginController {
    private static final String HOME = "/home";
    private final Accounts accounts;

    public LoginController(Accounts accounts) {
        this.accounts = accounts;
    }

    private String destination(String next) {
        return next == null || next.isBlank() ? HOME : next;
    }

    @PostMapping("/login")
    public ModelAndView login(@RequestParam String user, @RequestParam String password,
            @RequestParam(required = false) String next, HttpSession session) {
        if (!accounts.matches(user, password)) {
            return new ModelAndView("login", "failed", true);
        }
        session.setAttribute("authenticated", Boolean.TRUE);
        RedirectView view = new RedirectView(destination(next));
        view.setExposeModelAttributes(false);
        return new ModelAndView(view);
    }
}
