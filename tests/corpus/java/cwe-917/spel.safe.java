package com.acme.rules;

import org.springframework.expression.ExpressionParser;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class A22Spel {
    private final ExpressionParser parser = new SpelExpressionParser();

    @PostMapping("/evaluate")
    public Object evaluate(@RequestBody String amount) {
        SimpleEvaluationContext context = SimpleEvaluationContext.forReadOnlyDataBinding().build();
        context.setVariable("amount", Double.valueOf(amount));
        return parser.parseExpression("#amount * 1.19").getValue(context);
    }
}
