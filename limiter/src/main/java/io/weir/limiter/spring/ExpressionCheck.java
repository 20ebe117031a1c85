package io.weir.limiter.spring;

import io.weir.limiter.words.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.Literal;
import org.springframework.expression.spel.ast.Operator;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.support.StandardEvaluationContext;

/**
 * Looks at the start whether what keys and costs speak of is there: variables, of which SpEL would
 * take a misspelt one for null at each call, beans, and properties, where no object of another type
 * can be in their place. What only a call can tell is left to that. Thread-safe.
 */
final class ExpressionCheck {
  private final ParameterNameDiscoverer names;
  private final BeanFactory beans;
  private final SpelProperties properties = new SpelProperties();

  ExpressionCheck(ParameterNameDiscoverer names, BeanFactory beans) {
    this.names = names;
    this.beans = beans;
  }

  /**
   * Wants all that is spoken of to be there, and what is the same for all calls to make sense.
   *
   * @throws WeirStartException if something is not, or does not
   */
  void check(RateLimitedOperation operation) {
    operation.keys().forEach(key -> checkKey(key, operation));
    var unused = read(operation.cost(), "cost", operation);
    if (isConstant(operation.cost())) {
      require(() -> RateLimitedEvaluator.cost(operation, new StandardEvaluationContext()));
    }
  }

  private void checkKey(Expression key, RateLimitedOperation operation) {
    read(key, "key", operation)
        .flatMap(KeyCheck::trouble)
        .ifPresent(
            trouble -> {
              throw WeirStartException.ofAnnotation(
                  place(key, "key", operation) + " is " + trouble, null);
            });
    if (isConstant(key)) {
      require(() -> RateLimitedEvaluator.key(key, operation, new StandardEvaluationContext()));
    }
  }

  private Optional<Class<?>> read(
      Expression expression, String what, RateLimitedOperation operation) {
    return expression instanceof SpelExpression spel
        ? new Reading(place(expression, what, operation), operation).read(spel.getAST(), true)
        : Optional.empty();
  }

  private static String place(Expression expression, String what, RateLimitedOperation operation) {
    return "the " + what + " '" + expression.getExpressionString() + "' of " + operation.place();
  }

  private static void require(Supplier<?> made) {
    try {
      var unused = made.get();
    } catch (IllegalStateException e) {
      throw WeirStartException.ofAnnotation(String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether it is of literals alone, and so gives the same for every call. */
  private static boolean isConstant(Expression expression) {
    return expression instanceof SpelExpression spel && isConstant(spel.getAST());
  }

  private static boolean isConstant(SpelNode node) {
    return (node instanceof Literal || node instanceof Operator)
        && IntStream.range(0, node.getChildCount()).allMatch(i -> isConstant(node.getChild(i)));
  }

  /** One expression of a method, read node by node. */
  private final class Reading {
    private final String place;

    /** The names of parameters; null where they are not compiled in. */
    private final @Nullable List<String> parameters;

    /** What variables hold, by their names. */
    private final Map<String, Class<?>> variables = new HashMap<>();

    Reading(String place, RateLimitedOperation operation) {
      this.place = place;
      @Nullable String @Nullable [] known = names.getParameterNames(operation.method());
      this.parameters = known == null ? null : Arrays.stream(known).map(String::valueOf).toList();
      Class<?>[] types = operation.method().getParameterTypes();
      for (int i = 0; i < types.length; i++) {
        variables.put("p" + i, types[i]);
        variables.put("a" + i, types[i]);
        if (parameters != null) {
          variables.put(parameters.get(i), types[i]);
        }
      }
      variables.put("root", RateLimitedEvaluator.Root.class);
      // What it is depends on where it stands.
      variables.put("this", Object.class);
    }

    /**
     * Reads a node and those below.
     *
     * @param ofRoot whether a bare word is a property of the root; else nobody knows of what
     * @return what it gives; empty where that may be anything
     */
    Optional<Class<?>> read(SpelNode node, boolean ofRoot) {
      if (node instanceof VariableReference) {
        return Optional.of(variable(node.toStringAST().substring(1)));
      }
      if (node instanceof PropertyOrFieldReference property) {
        return ofRoot ? property(RateLimitedEvaluator.Root.class, property) : Optional.empty();
      }
      if (node instanceof CompoundExpression) {
        return path(node, ofRoot);
      }
      if (node instanceof BeanReference) {
        requireBean(node.toStringAST());
      }
      boolean ofElement = node instanceof Projection || node instanceof Selection;
      // What an expression assigns is its own affair.
      for (int i = node instanceof Assign ? 1 : 0; i < node.getChildCount(); i++) {
        if (!isPlainKey(node, i)) {
          read(node.getChild(i), ofRoot && !ofElement);
        }
      }
      return Optional.empty();
    }

    private Optional<Class<?>> path(SpelNode path, boolean ofRoot) {
      Optional<Class<?>> type = read(path.getChild(0), ofRoot);
      for (int i = 1; i < path.getChildCount(); i++) {
        if (path.getChild(i) instanceof PropertyOrFieldReference property) {
          type = type.flatMap(of -> property(of, property));
        } else {
          type = read(path.getChild(i), ofRoot);
        }
      }
      return type;
    }

    /** Whether a bare word is itself a key of a map there, or may be. */
    private static boolean isPlainKey(SpelNode parent, int child) {
      return (parent instanceof Indexer || (parent instanceof InlineMap && child % 2 == 0))
          && parent.getChild(child) instanceof PropertyOrFieldReference;
    }

    private Class<?> variable(String name) {
      Class<?> type = variables.get(name);
      if (type != null) {
        return type;
      }
      throw fault(
          "#"
              + name
              + (parameters == null
                  ? ", and the names of the method's parameters are not known; compile it with"
                      + " -parameters, or write #p0 for the first one"
                  : ", which is no parameter of it; it has "
                      + parameters.stream().map(parameter -> "#" + parameter).toList()
                      + Suggestion.didYouMean(name, parameters)));
    }

    private Optional<Class<?>> property(Class<?> of, PropertyOrFieldReference property) {
      boolean isUnwrapped = of == Optional.class && property.isNullSafe();
      if (isUnwrapped || !SpelProperties.isAllOf(of)) {
        return Optional.empty();
      }
      String name = property.getName();
      Optional<Class<?>> type = properties.type(of, name);
      if (type.isPresent()) {
        return type;
      }
      if (of == RateLimitedEvaluator.Root.class) {
        List<String> meant = new ArrayList<>(List.of("#root", "target", "method"));
        Objects.requireNonNullElse(parameters, List.<String>of())
            .forEach(parameter -> meant.add("#" + parameter));
        throw fault(
            "'"
                + name
                + "', which is no property of #root; a parameter is written with a #, and #root has"
                + " [method, target]"
                + Suggestion.didYouMean("#" + name, meant));
      }
      Collection<String> known = properties.names(of);
      throw fault(
          "'"
              + name
              + "', which is no property of "
              + of.getSimpleName()
              + "; it has "
              + known
              + Suggestion.didYouMean(name, known));
    }

    /** SpEL writes the name of a bean with what it stands behind. */
    private void requireBean(String text) {
      String name = text.startsWith("@") ? text.substring(1) : text;
      if (name.startsWith("'")) {
        name = name.substring(1, name.length() - 1).replace("''", "'");
      }
      if (!beans.containsBean(name)) {
        throw fault(text + ", and there is no bean of that name");
      }
    }

    private WeirStartException fault(String what) {
      return WeirStartException.ofAnnotation(place + " has " + what, null);
    }
  }
}
