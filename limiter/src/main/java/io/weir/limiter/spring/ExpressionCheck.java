package io.weir.limiter.spring;

import io.weir.limiter.words.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;

/**
 * Looks at the start whether the variables of keys and costs are parameters of their method, which
 * SpEL would take for null at each call. Thread-safe.
 */
final class ExpressionCheck {
  /** What SpEL itself knows. */
  private static final List<String> OF_SPEL = List.of("root", "this");

  private final ParameterNameDiscoverer names;

  ExpressionCheck(ParameterNameDiscoverer names) {
    this.names = names;
  }

  /**
   * Wants all variables to be there.
   *
   * @throws WeirStartException if one is not
   */
  void check(RateLimitedOperation operation) {
    @Nullable String @Nullable [] known = names.getParameterNames(operation.method());
    operation.keys().forEach(key -> check(key, "key", operation, known));
    check(operation.cost(), "cost", operation, known);
  }

  private static void check(
      Expression expression,
      String what,
      RateLimitedOperation operation,
      @Nullable String @Nullable [] known) {
    if (!(expression instanceof SpelExpression spel)) {
      return;
    }
    Set<String> usable = new TreeSet<>(OF_SPEL);
    IntStream.range(0, operation.method().getParameterCount())
        .forEach(i -> usable.addAll(List.of("p" + i, "a" + i)));
    List<String> parameters =
        known == null ? List.of() : Stream.of(known).map(String::valueOf).toList();
    usable.addAll(parameters);
    for (String variable : variables(spel.getAST())) {
      if (!usable.contains(variable)) {
        throw WeirStartException.ofAnnotation(
            "the "
                + what
                + " '"
                + expression.getExpressionString()
                + "' of "
                + operation.place()
                + " has #"
                + variable
                + (known == null
                    ? ", and the names of the method's parameters are not known; compile it with"
                        + " -parameters, or write #p0 for the first one"
                    : ", which is no parameter of it; it has "
                        + parameters.stream().map(name -> "#" + name).toList()
                        + Suggestion.didYouMean(variable, parameters)),
            null);
      }
    }
  }

  /** Names of variables that are read. */
  private static List<String> variables(SpelNode node) {
    List<String> found = new ArrayList<>();
    if (node instanceof VariableReference) {
      found.add(node.toStringAST().substring(1));
    }
    // What an expression assigns is its own affair.
    int first = node instanceof Assign ? 1 : 0;
    IntStream.range(first, node.getChildCount())
        .forEach(i -> found.addAll(variables(node.getChild(i))));
    return found;
  }
}
