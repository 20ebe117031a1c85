package io.weir.limiter.spring;

import io.weir.limiter.http.AttributeText;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
   * @throws IllegalStateException if an expression gives nothing, or what names nobody, or fails
   */
  static List<String> keys(RateLimitedOperation operation, EvaluationContext context) {
    return operation.keys().stream().map(key -> key(key, operation, context)).toList();
  }

  /** One of them. */
  static String key(Expression key, RateLimitedOperation operation, EvaluationContext context) {
    Object value = value(key, "key", operation, context);
    Object one = unwrapped(value);
    String text = one == null ? null : one.toString();
    if (one == null || text == null) {
      throw wrong(key, "key", operation, "null; it must say who calls");
    }
    KeyCheck.trouble(one, text)
        .ifPresent(
            trouble -> {
              throw wrong(key, "key", operation, trouble);
            });
    return AttributeText.valid(text)
        .orElseThrow(() -> wrong(key, "key", operation, "empty; it must say who calls"));
  }

  /** What is in it, where it may be empty; null where it is. */
  private static @Nullable Object unwrapped(@Nullable Object value) {
    if (value instanceof Optional<?> wrapped) {
      return unwrapped(wrapped.orElse(null));
    }
    if (value instanceof OptionalLong wrapped) {
      return wrapped.isPresent() ? wrapped.getAsLong() : null;
    }
    if (value instanceof OptionalInt wrapped) {
      return wrapped.isPresent() ? wrapped.getAsInt() : null;
    }
    return value;
  }

  /**
   * What a call takes.
   *
   * @throws IllegalStateException if the expression fails, or gives no whole number of 0 or more
   */
  static long cost(RateLimitedOperation operation, EvaluationContext context) {
    Object value = value(operation.cost(), "cost", operation, context);
    if (value instanceof Number number
        && number.doubleValue() == number.longValue()
        && number.longValue() >= 0) {
      return number.longValue();
    }
    throw wrong(
        operation.cost(), "cost", operation, value + "; it must be a whole number, 0 or more");
  }

  private static IllegalStateException wrong(
      Expression expression, String what, RateLimitedOperation operation, String trouble) {
    return new IllegalStateException(
        "the "
            + what
            + " '"
            + expression.getExpressionString()
            + "' of "
            + operation.place()
            + " is "
            + trouble);
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
