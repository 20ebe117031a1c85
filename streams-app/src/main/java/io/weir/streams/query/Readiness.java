package io.weir.streams.query;

/** Whether the application can answer. */
public sealed interface Readiness {

  /** It can. */
  record Ready() implements Readiness {}

  /**
   * It cannot.
   *
   * @param phase what it is doing instead
   * @param detail a sentence for people
   */
  record NotReady(Phase phase, String detail) implements Readiness {

    /**
     * No rules are in force although there are some.
     *
     * @param why a sentence without a full stop
     */
    public static NotReady noRules(String why) {
      return new NotReady(
          Phase.NO_RULES,
          "no rules are in force, because those that are there cannot be read: " + why);
    }
  }

  /** What an application does that cannot answer. */
  enum Phase {
    /** Connecting to Kafka and loading the rules. */
    STARTING("starting"),
    /** Loading its share of the state. */
    RESTORING("restoring"),
    /** Agreeing with the other instances on who does what. */
    REBALANCING("rebalancing"),
    /** Without rules, because those that are there cannot be read. */
    NO_RULES("no_rules"),
    /** Finishing its work, or through with it. */
    STOPPING("stopping"),
    /** Ended by an error. */
    FAILED("failed");

    private final String word;

    Phase(String word) {
      this.word = word;
    }

    /** The word for it in answers. */
    public String word() {
      return word;
    }
  }

  /** Tells the readiness at the moment. Thread-safe. */
  @FunctionalInterface
  interface Probe {
    /** The readiness now. */
    Readiness readiness();

    /**
     * Returns if the application is ready.
     *
     * @throws ProblemException if it is not
     */
    default void requireReady() {
      if (readiness() instanceof NotReady notReady) {
        throw new ProblemException(ProblemKind.NOT_READY, notReady.detail());
      }
    }
  }
}
