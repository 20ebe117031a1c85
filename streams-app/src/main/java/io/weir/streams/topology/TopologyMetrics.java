package io.weir.streams.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.weir.limiter.Decision;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Counts what the topology does. Thread-safe.
 *
 * <ul>
 *   <li>those of {@link DecisionMetrics}
 *   <li>{@code weir.dead.letters} by problem
 *   <li>{@code weir.rules.loaded} and {@code weir.rules.rejected}: records of the rules topic
 *   <li>{@code weir.rows.scanned}, {@code weir.rows.expired} and {@code weir.expiry.step}, the time
 *       that looking for rows to delete and deleting them held up requests
 *   <li>{@code weir.holds.released} and {@code weir.holds.lost}
 *   <li>{@code weir.duplicates} and {@code weir.duplicates.forgotten}
 * </ul>
 *
 * <p>Those of decisions appear with the first of their kind, the others at once.
 */
public final class TopologyMetrics {
  /** The most pairs of domain and rule that are told apart unless told otherwise. */
  public static final int DEFAULT_MAX_RULES = 1_000;

  private final MeterRegistry registry;
  private final DecisionMetrics decisions;
  private final RulesMetrics rules;
  private final Map<Problem, Counter> deadLetters = new EnumMap<>(Problem.class);
  private final Counter rowsScanned;
  private final Counter rowsExpired;
  private final Timer expirySteps;
  private final Counter holdsReleased;
  private final Counter holdsLost;
  private final Counter duplicates;
  private final Counter duplicatesForgotten;

  /** Counters in a registry that tell {@link #DEFAULT_MAX_RULES} rules apart. */
  public TopologyMetrics(MeterRegistry registry) {
    this(registry, DEFAULT_MAX_RULES);
  }

  /** Counters in a registry that tell so many rules apart. */
  public TopologyMetrics(MeterRegistry registry, int maxRules) {
    this.registry = registry;
    this.decisions = new DecisionMetrics(registry, maxRules);
    this.rules = new RulesMetrics(registry);
    for (Problem problem : Problem.values()) {
      deadLetters.put(problem, deadLetterCounter(problem));
    }
    this.rowsScanned =
        counter("weir.rows.scanned", "Rows of state that expiry looked at", Tags.empty());
    this.expirySteps =
        Timer.builder("weir.expiry.step")
            .description("Time that steps of expiry took on stream threads")
            .register(registry);
    this.rowsExpired =
        counter("weir.rows.expired", "Rows of state that were forgotten as idle", Tags.empty());
    this.holdsReleased =
        counter(
            "weir.holds.released",
            "Holds that were given back, because another identifier of the request denied it",
            Tags.empty());
    this.holdsLost =
        counter(
            "weir.holds.lost",
            "Holds of denied requests that were charged for good before they were given back",
            Tags.empty());
    this.duplicates =
        counter(
            "weir.duplicates", "Requests that were answered by an earlier decision", Tags.empty());
    this.duplicatesForgotten =
        counter(
            "weir.duplicates.forgotten",
            "Decisions that were forgotten before the horizon, because there were too many",
            Tags.empty());
  }

  /**
   * Counts one decision.
   *
   * @param domain the request's domain
   * @param ruled whether the domain has rules, so that its name may be a label
   */
  void decided(String domain, boolean ruled, Decision decision) {
    decisions.decided(domain, ruled, decision);
  }

  /** Counts one dead letter. */
  void deadLettered(Problem problem) {
    Objects.requireNonNull(deadLetters.get(problem)).increment();
  }

  /** Counts records of the rules topic. */
  RulesMetrics rules() {
    return rules;
  }

  /**
   * Counts one step of expiry.
   *
   * @param nanos how long it took
   * @param scanned rows that were looked at for it, in the background
   * @param expired rows that it forgot
   */
  void expiryStepped(long nanos, int scanned, int expired) {
    expirySteps.record(nanos, TimeUnit.NANOSECONDS);
    rowsScanned.increment(scanned);
    rowsExpired.increment(expired);
  }

  /**
   * Counts one release.
   *
   * @param isWhole whether all of it was still held
   */
  void holdReleased(boolean isWhole) {
    (isWhole ? holdsReleased : holdsLost).increment();
  }

  /** Counts one request that was answered by an earlier decision. */
  void duplicated() {
    duplicates.increment();
  }

  /** Counts one decision that was forgotten before the horizon. */
  void duplicateForgotten() {
    duplicatesForgotten.increment();
  }

  private Counter deadLetterCounter(Problem problem) {
    return counter(
        "weir.dead.letters",
        "Records that went to the dead-letter topic",
        Tags.of("problem", problem.label()));
  }

  private Counter counter(String name, String description, Tags tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }
}
