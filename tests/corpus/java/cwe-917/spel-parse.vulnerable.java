import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.web.bind.annotation.*;

@RestController
class FilterController {
    @GetMapping("/filter")
    Object filter(@RequestParam String expression) {
        SpelExpressionParser parser = new SpelExpressionParser();
        return parser.parseExpression(expression).getValue();
    }
}
