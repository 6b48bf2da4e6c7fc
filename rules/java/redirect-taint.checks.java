package p;

import java.net.URI;
import javax.servlet.http.*;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.servlet.view.RedirectView;
import org.springframework.http.*;
import javax.ws.rs.core.Response;

@Controller
public class R1 extends HttpServlet {
    private static final String ORIGIN = "https://app.example.com";
    private static final Set<String> TARGETS = Set.of("/a", "/b");

    void bad1(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String next = request.getParameter("next");
        if (next.startsWith("http")) {
            // ruleid: oreva.java.open-redirect.redirect-taint
            response.sendRedirect(next);
        }
    }
    void bad2(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String next = request.getParameter("next");
        if (next == null || !next.startsWith("/")) {
            next = "/";
        }
        // ruleid: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(next);
    }
    void bad3(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String next = request.getParameter("next");
        if (!next.startsWith(ORIGIN)) {
            next = "/";
        }
        // ruleid: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(next);
    }
    void bad4(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String host = request.getParameter("host");
        // ruleid: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(host + "/login/" + "x");
    }
    @GetMapping("/x")
    RedirectView bad5(@RequestParam String next) {
        // ruleid: oreva.java.open-redirect.redirect-taint
        return new RedirectView(next);
    }
    @GetMapping("/y")
    String bad6(@RequestParam String next) {
        // ruleid: oreva.java.open-redirect.redirect-taint
        return "redirect:" + next;
    }
    @GetMapping("/z")
    ResponseEntity<Void> bad7(@RequestParam String next) {
        HttpHeaders headers = new HttpHeaders();
        // ruleid: oreva.java.open-redirect.redirect-taint
        headers.setLocation(URI.create(next));
        return new ResponseEntity<>(headers, HttpStatus.FOUND);
    }
    @GetMapping("/w")
    ResponseEntity<Void> bad8(@RequestParam String next) {
        // ruleid: oreva.java.open-redirect.redirect-taint
        return ResponseEntity.status(302).header("Location", next).build();
    }
    @GET
    Response bad9(@QueryParam("next") String next) {
        // ruleid: oreva.java.open-redirect.redirect-taint
        return Response.seeOther(URI.create(next)).build();
    }
    @GET
    Response bad10(@QueryParam("next") String next) {
        URI target = URI.create(next);
        if (target.isAbsolute()) {
            return Response.seeOther(URI.create("/")).build();
        }
        // ruleid: oreva.java.open-redirect.redirect-taint
        return Response.temporaryRedirect(target).build();
    }
    @GetMapping("/z1")
    ResponseEntity<Void> bad11(@RequestParam String next) {
        // ruleid: oreva.java.open-redirect.redirect-taint
        return ResponseEntity.status(HttpStatus.FOUND).location(URI.create(next)).build();
    }
    void bad12(HttpServletRequest request, HttpServletResponse response) throws Exception {
        // ruleid: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(safeTarget2(request.getParameter("next")));
    }
    private static String safeTarget2(String next) {
        return next.trim();
    }

    void ok1(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String next = request.getParameter("next");
        if (next == null || !next.startsWith("/") || next.startsWith("//")) {
            next = "/";
        }
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(next);
    }
    @GetMapping("/ok2")
    String ok2(@RequestParam(defaultValue = "/") String next) {
        if (next.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\")) {
            // ok: oreva.java.open-redirect.redirect-taint
            return "redirect:" + next;
        }
        return "redirect:/";
    }
    @GET
    Response ok3(@QueryParam("next") String next) {
        URI target = URI.create(next);
        if (target.getHost() != null || target.isAbsolute()) {
            return Response.seeOther(URI.create("/")).build();
        }
        // ok: oreva.java.open-redirect.redirect-taint
        return Response.seeOther(target).build();
    }
    void ok4(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String next = request.getParameter("next");
        URI uri = new URI(next);
        if (!"app.example.com".equals(uri.getHost())) {
            response.sendError(400);
            return;
        }
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(next);
    }
    void ok5(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String next = request.getParameter("next");
        if (!next.startsWith(ORIGIN + "/")) {
            next = "/";
        }
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(next);
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(request.getContextPath() + "/login?next=" + request.getParameter("next"));
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect("/users/" + request.getParameter("id"));
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(ORIGIN + "/users/" + request.getParameter("id"));
    }
    void ok6(HttpServletRequest request, HttpServletResponse response) throws Exception {
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(safeTarget(request.getParameter("next")));
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(page(request.getParameter("next")));
    }
    private static String safeTarget(String next) {
        if (next == null || !next.startsWith("/") || next.startsWith("//")) {
            return "/";
        }
        return next;
    }
    private String page(String name) {
        switch (name) {
            case "home":
                return "/home";
            default:
                return "/";
        }
    }
    void ok7(HttpServletRequest request, HttpServletResponse response) throws Exception {
        String next = request.getParameter("next");
        if (next.length() < 2 || next.charAt(0) != '/' || next.charAt(1) == '/') {
            next = "/";
        }
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(next);
        // ok: oreva.java.open-redirect.redirect-taint
        response.sendRedirect(UrlUtils.safeRedirectUrl(request.getParameter("next")));
    }
    @GetMapping("/ok8")
    String ok8(@RequestParam String next) {
        if (!TARGETS.contains(next)) {
            return "redirect:/";
        }
        // ok: oreva.java.open-redirect.redirect-taint
        return "redirect:" + next;
    }
    @GetMapping("/ok9")
    RedirectView ok9(@RequestParam Long id) {
        // ok: oreva.java.open-redirect.redirect-taint
        return new RedirectView("/items/" + id);
    }
}
