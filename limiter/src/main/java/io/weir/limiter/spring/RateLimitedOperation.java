package io.weir.limiter.spring;

import java.lang.reflect.Method;
import java.util.List;
import org.springframework.expression.Expression;

/**
 * One annotation of a method, read.
 *
 * @param annotation what it says
 * @param method where it stands
 * @param keys what the attributes of the rule are
 * @param cost what a call takes
 */
record RateLimitedOperation(
    RateLimited annotation, Method method, List<Expression> keys, Expression cost) {
  RateLimitedOperation {
    keys = List.copyOf(keys);
  }

  /** Where it stands, for messages. */
  String place() {
    return "@RateLimited(rule = \""
        + annotation.rule()
        + "\") of "
        + method.getDeclaringClass().getSimpleName()
        + "."
        + method.getName();
  }
}
