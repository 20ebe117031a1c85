package io.weir.limiter.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with rules, and what is merely odd. Not thread-safe. */
final class Problems {
  /** The most that one message lists. */
  static final int MAX_LISTED = 20;

  /**
   * The order in which envoyproxy/ratelimit looks for mistakes; it stops at the first, so the first
   * line of our message is the one that it would give.
   */
  enum Phase {
    /** YAML itself. */
    SYNTAX,
    /** Keys that no rules file knows. */
    KEYS,
    /** Values of the wrong type. */
    TYPES,
    /** Everything else. */
    RULES
  }

  private record Problem(Phase phase, String line) {}

  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  void add(Phase phase, String where, String what) {
    problems.add(new Problem(phase, where + ": " + what));
  }

  void warn(String where, String what) {
    warnings.add(where + ": " + what);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * Ends the work if there is a problem.
   *
   * @throws RulesException with all problems
   */
  void throwIfAny() {
    if (problems.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    problems.stream()
        .sorted(Comparator.comparing(Problem::phase))
        .limit(MAX_LISTED)
        .forEach(problem -> lines.add(problem.line()));
    if (problems.size() > MAX_LISTED) {
      lines.add("... and " + (problems.size() - MAX_LISTED) + " more");
    }
    throw new RulesException(lines);
  }
}
