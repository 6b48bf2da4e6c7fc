import javax.script.*;
import org.springframework.web.bind.annotation.*;

@RestController
class FormulaController {
    @PostMapping("/formula")
    Object evaluate(@RequestBody String formula) throws ScriptException {
        ScriptEngine engine = new ScriptEngineManager().getEngineByName("graal.js");
        return engine.eval(formula);
    }
}
