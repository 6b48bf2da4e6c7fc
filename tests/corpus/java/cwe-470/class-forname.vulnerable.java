import org.springframework.web.bind.annotation.*;

@RestController
class PluginController {
    @GetMapping("/plugins/run")
    String run(@RequestParam String type) throws Exception {
        Class<?> plugin = Class.forName(type);
        return plugin.getDeclaredConstructor().newInstance().toString();
    }
}
