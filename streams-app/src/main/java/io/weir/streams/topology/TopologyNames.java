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

  /** Where state is shared: the store that keeps nothing, and knows of commits. */
  static final String BEFORE_COMMIT_STORE = "weir-before-commit";

  /** Source node of the releases topic. */
  public static final String RELEASES_SOURCE = "releases";

  /** Where checks and releases come together: both are about the same rows. */
  static final String CHECKS_AND_RELEASES = "checks-and-releases";

  /** The re-keying of answers by request; see {@link #answersTopic} for its topic. */
  public static final String LIMIT_ANSWERS = "limit-answers";

  /** The node that takes answers to their topic: the DSL derives its name. */
  static final String ANSWERS_OUT = LIMIT_ANSWERS + "-repartition-filter";

  /** Processor that joins the answers to requests with several identifiers. */
  public static final String JOIN = "join-answers";

  /** Sink of decisions that answers were joined for. */
  public static final String JOINED_DECISIONS_SINK = "joined-decisions";

  /** Sink of the releases topic. */
  public static final String RELEASES_SINK = "releases-out";

  /** Store of joins; see {@link #joinsChangelog} for its topic. */
  public static final String JOINS_STORE = "weir-joins";

  /** The re-keying of requests with several identifiers by request, where duplicates are found. */
  public static final String REQUEST_CHECKS = "request-checks";

  /** The node that takes them to their topic: the DSL derives its name. */
  static final String REQUEST_CHECKS_OUT = REQUEST_CHECKS + "-repartition-filter";

  /** Where such requests and the answers come together. */
  static final String REQUESTS_AND_ANSWERS = "requests-and-answers";

  /** Sink of the checks of requests that came for the first time. */
  public static final String FIRST_CHECKS_SINK = "first-checks";

  /** Decisions on requests with one identifier, where duplicates are found. */
  public static final String DUPLICATES_STORE = "weir-duplicates";

  /** Decisions on requests with several identifiers, where duplicates are found. */
  public static final String JOINED_DUPLICATES_STORE = "weir-joined-duplicates";

  private TopologyNames() {}

  /** The internal topic of requests with several identifiers, where duplicates are found. */
  public static String requestChecksTopic(String applicationId) {
    return applicationId + "-" + REQUEST_CHECKS + "-repartition";
  }

  /** The internal topic that holds decisions on requests with one identifier. */
  public static String duplicatesChangelog(String applicationId) {
    return applicationId + "-" + DUPLICATES_STORE + "-changelog";
  }

  /** The internal topic that holds decisions on requests with several identifiers. */
  public static String joinedDuplicatesChangelog(String applicationId) {
    return applicationId + "-" + JOINED_DUPLICATES_STORE + "-changelog";
  }

  /** The internal topic of answers. */
  public static String answersTopic(String applicationId) {
    return applicationId + "-" + LIMIT_ANSWERS + "-repartition";
  }

  /** The internal topic that holds the joins. */
  public static String joinsChangelog(String applicationId) {
    return applicationId + "-" + JOINS_STORE + "-changelog";
  }

  /** The internal topic of checks, which is there where the input is not keyed by identifier. */
  public static String checksTopic(String applicationId) {
    return applicationId + "-" + CHECKS + "-repartition";
  }

  /** The internal topic that holds the rows of limits. */
  public static String limitsChangelog(String applicationId) {
    return applicationId + "-" + LIMITS_STORE + "-changelog";
  }
}
