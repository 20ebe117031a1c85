package io.weir.limiter.rule;

import java.util.List;

/**
 * Rules that make no sense. The message has one line for each problem, the one that
 * envoyproxy/ratelimit would report first; each line says where: {@code rules.yaml:7: ...} for
 * files, the path in the tree otherwise.
 */
public final class RulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /** One problem. */
  public RulesException(String problem) {
    this(List.of(problem));
  }

  /** One problem, and where it comes from. */
  public RulesException(String problem, Throwable cause) {
    super(problem, cause);
    this.problems = List.of(problem);
  }

  /**
   * Several problems.
   *
   * @param problems the problems, the most important one first; at least one
   */
  public RulesException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** The problems, one line each. */
  public List<String> problems() {
    return problems;
  }
}
