package io.weir.streams.topology;

/**
 * Names of everything inside the topology. They are part of the state: the names of internal topics
 * and of state directories follow from them, so a changed name is a lost state. A golden test holds
 * them. Names of the topics outside are settings, see {@link TopologyTopics}.
 */
public final class TopologyNames {
  /** Source node of the requests topic. */
  public static final String REQUESTS_SOURCE = "requests";

  /** Processor that validates requests and matches rules, where checks are re-keyed after it. */
  public static final String MATCH = "match-rules";

  /** Processor that validates, matches and judges, where the input is keyed by identifier. */
  public static final String MATCH_AND_JUDGE = "match-and-judge";

  /** The re-keying of checks; see {@link #checksTopic} for its topic. */
  public static final String CHECKS = "limit-checks";

  /** The node that takes checks to their topic: the DSL derives its name from {@link #CHECKS}. */
  static final String CHECKS_OUT = CHECKS + "-repartition-filter";

  /** Processor that judges re-keyed checks. */
  public static final String JUDGE = "judge-limits";

  /** Sink of decisions that need no judging: no rule, unlimited, invalid. */
  public static final String ANSWERS_SINK = "answers";

  /**
   * Sink of decisions that were judged. Apart from the one above: a shared sink would tie the two
   * halves of the topology to one task.
   */
  public static final String DECISIONS_SINK = "decisions";

  /** Sink of the dead-letter topic. */
  public static final String DEAD_LETTERS_SINK = "dead-letters";

  /** Source node of the rules topic. */
  public static final String RULES_SOURCE = "rules";

  /** Processor that loads rules. */
  public static final String RULES_PROCESSOR = "load-rules";

  /** Global store of the rules records as they are. */
  public static final String RULES_STORE = "weir-rules";

  /** Store of limits; see {@link #limitsChangelog} for its topic. */
  public static final String LIMITS_STORE = "weir-limits";

  private TopologyNames() {}

  /** The internal topic of checks, which is there where the input is not keyed by identifier. */
  public static String checksTopic(String applicationId) {
    return applicationId + "-" + CHECKS + "-repartition";
  }

  /** The internal topic that holds the rows of limits. */
  public static String limitsChangelog(String applicationId) {
    return applicationId + "-" + LIMITS_STORE + "-changelog";
  }
}
