package io.weir.limiter.spring;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ExpressionParser;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.util.ClassUtils;

/** Reads annotations of methods, each once. Thread-safe. */
final class RateLimitedOperations {
  private static final String KEY = "key";

  private final ExpressionParser parser = new SpelExpressionParser();
  private final Map<Object, List<RateLimitedOperation>> known = new ConcurrentHashMap<>();

  private final Set<Class<?>> checked = ConcurrentHashMap.newKeySet();

  /**
   * What a method is annotated with, or else its class.
   *
   * @throws IllegalStateException if an expression cannot be read, or a method of the class is
   *     annotated that no proxy can limit
   */
  List<RateLimitedOperation> of(Method method, Class<?> targetClass) {
    return known.computeIfAbsent(
        new MethodClassKey(method, targetClass), key -> find(method, targetClass));
  }

  /** All that were found until now. */
  Collection<RateLimitedOperation> all() {
    return known.values().stream().flatMap(List::stream).toList();
  }

  private List<RateLimitedOperation> find(Method method, Class<?> targetClass) {
    Class<?> userClass = ClassUtils.getUserClass(targetClass);
    if (checked.add(userClass)) {
      requireProxyable(userClass);
    }
    if (ClassUtils.isUserLevelMethod(method) && method.getDeclaringClass() != Object.class) {
      Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
      Set<RateLimited> annotations = annotations(specific);
      if (annotations.isEmpty() && Modifier.isPublic(specific.getModifiers())) {
        annotations = annotations(targetClass);
      }
      return annotations.stream().map(annotation -> read(annotation, specific)).toList();
    }
    return List.of();
  }

  /** A limit that no call meets is worse than none. */
  private static void requireProxyable(Class<?> type) {
    for (Method method : type.getDeclaredMethods()) {
      int modifiers = method.getModifiers();
      boolean isOfInterface = !ClassUtils.getInterfaceMethodIfPossible(method, type).equals(method);
      if ((Modifier.isPrivate(modifiers)
              || Modifier.isStatic(modifiers)
              || (Modifier.isFinal(modifiers) && !isOfInterface))
          && !annotations(method).isEmpty()) {
        throw WeirStartException.ofAnnotation(
            "@RateLimited on "
                + method
                + " limits nothing: a proxy does not see calls of a private, static or final"
                + " method",
            null);
      }
    }
  }

  private static Set<RateLimited> annotations(AnnotatedElement element) {
    return AnnotatedElementUtils.findMergedRepeatableAnnotations(element, RateLimited.class);
  }

  private RateLimitedOperation read(RateLimited annotation, Method method) {
    List<Expression> keys = new ArrayList<>();
    Arrays.stream(annotation.key()).forEach(key -> keys.add(parse(key, KEY, method)));
    return new RateLimitedOperation(
        annotation, method, keys, parse(annotation.cost(), "cost", method));
  }

  private Expression parse(String text, String what, Method method) {
    String place = "the " + what + " '" + text + "' of @RateLimited on " + method;
    if (text.isBlank()) {
      throw WeirStartException.ofAnnotation(
          place
              + " is empty; it must be an expression, such as "
              + (what.equals(KEY) ? "#id" : "#pages, or left out, which is 1"),
          null);
    }
    try {
      return parser.parseExpression(text);
    } catch (ParseException e) {
      throw WeirStartException.ofAnnotation(
          place + " is no expression: " + e.getSimpleMessage(), e);
    }
  }
}
