package io.weir.limiter.rule;

import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Says what is wrong with a YAML text in the words of go-yaml v2, so that the message is the one
 * that users of envoyproxy/ratelimit know and search for; SnakeYAML's own words follow, since they
 * say more.
 */
final class GoYamlWords {
  private static final String UNDEFINED_ALIAS = "found undefined alias ";

  /** How SnakeYAML's problems begin, and what go-yaml says of the same. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry(
              "mapping values are not allowed here",
              "mapping values are not allowed in this context"),
          Map.entry(
              "mapping keys are not allowed here", "mapping keys are not allowed in this context"),
          Map.entry(
              "sequence entries are not allowed here",
              "block sequence entries are not allowed in this context"),
          Map.entry("expected <block end>", "did not find expected key"),
          Map.entry("expected ',' or ']'", "did not find expected ',' or ']'"),
          Map.entry("expected ',' or '}'", "did not find expected ',' or '}'"),
          Map.entry("expected the node content", "did not find expected node content"),
          Map.entry("expected '<document start>'", "did not find expected <document start>"),
          Map.entry("found character", "found character that cannot start any token"),
          Map.entry("found unknown escape character", "found unknown escape character"),
          Map.entry("found unexpected document separator", "found unexpected document indicator"),
          Map.entry("expected escape sequence", "did not find expected hexdecimal number"));

  private GoYamlWords() {}

  /**
   * What is wrong, on one line.
   *
   * @param line where, counted from 1
   */
  static String describe(MarkedYAMLException fault, int line) {
    String problem = String.valueOf(fault.getProblem()).replaceAll("\\s+", " ").strip();
    if (problem.startsWith(UNDEFINED_ALIAS)) {
      return "unknown anchor '" + problem.substring(UNDEFINED_ALIAS.length()) + "' referenced";
    }
    String context = fault.getContext() == null ? "" : fault.getContext();
    String words = words(problem, context);
    String where = line == 1 ? "" : "line " + line + ": ";
    String own = words.equals(problem) ? "" : problem;
    String detail = own.isEmpty() || context.isEmpty() ? own + context : own + ", " + context;
    return where + words + (detail.isEmpty() ? "" : " (" + detail + ")");
  }

  private static String words(String problem, String context) {
    if (context.endsWith("block collection")) {
      return "did not find expected '-' indicator";
    }
    return WORDS.entrySet().stream()
        .filter(entry -> problem.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(problem);
  }
}
