import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.*;

@Controller
class ReturnController {
    @GetMapping("/return")
    String back(@RequestParam String to) {
        return "redirect:" + (to.equals("orders") ? "/orders" : "/");
    }
}
