import org.springframework.web.bind.annotation.*;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

@RestController
class PipelineController {
    @PostMapping("/pipelines")
    Object create(@RequestBody String text) {
        Yaml yaml = new Yaml();
        return yaml.load(text);
    }
}
