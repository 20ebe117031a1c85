package io.weir.limiter.spring;

import io.weir.limiter.http.AttributeText;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;

/** Works out what expressions of annotations say of a call. Thread-safe. */
final class RateLimitedEvaluator {
  /** What expressions see as {@code #root}. */
  record Root(Object target, Method method) {}

  private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
  private final BeanFactory beans;

  RateLimitedEvaluator(BeanFactory beans) {
    this.beans = beans;
  }

  /** What the expressions of a call see. */
  EvaluationContext context(Object target, Method method, @Nullable Object[] arguments) {
    MethodBasedEvaluationContext context =
        new MethodBasedEvaluationContext(new Root(target, method), method, arguments, names);
    context.setBeanResolver(new BeanFactoryResolver(beans));
    return context;
  }

  /**
   * Who calls.
   *
   * @throws IllegalStateException if an expression gives nothing, or fails
   */
  List<String> keys(RateLimitedOperation operation, EvaluationContext context) {
    List<String> values = new ArrayList<>();
    for (Expression key : operation.keys()) {
      Object value = value(key, "key", operation, context);
      values.add(
          (value == null ? Optional.<String>empty() : AttributeText.valid(value + ""))
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "the key '"
                              + key.getExpressionString()
                              + "' of "
                              + operation.place()
                              + " is "
                              + (value == null ? "null" : "empty")
                              + "; it must say who calls")));
    }
    return values;
  }

  /**
   * What a call takes.
   *
   * @throws IllegalStateException if the expression fails, or gives no whole number of 0 or more
   */
  long cost(RateLimitedOperation operation, EvaluationContext context) {
    Object value = value(operation.cost(), "cost", operation, context);
    if (value instanceof Number number
        && number.doubleValue() == number.longValue()
        && number.longValue() >= 0) {
      return number.longValue();
    }
    throw new IllegalStateException(
        "the cost '"
            + operation.cost().getExpressionString()
            + "' of "
            + operation.place()
            + " is "
            + value
            + "; it must be a whole number, 0 or more");
  }

  private static @Nullable Object value(
      Expression expression,
      String what,
      RateLimitedOperation operation,
      EvaluationContext context) {
    try {
      return expression.getValue(context);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "the "
              + what
              + " '"
              + expression.getExpressionString()
              + "' of "
              + operation.place()
              + " cannot be worked out: "
              + (e instanceof EvaluationException ? e.getMessage() : e),
          e);
    }
  }
}
