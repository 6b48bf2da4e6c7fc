import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.web.bind.annotation.*;

@RestController
class FilterController {
    @GetMapping("/filter")
    Object filter(@RequestParam String expression) {
        SpelExpressionParser parser = new SpelExpressionParser();
        return parser.parseExpression("price * 1.19").getValue(SimpleEvaluationContext.forReadOnlyDataBinding().build());
    }
}
