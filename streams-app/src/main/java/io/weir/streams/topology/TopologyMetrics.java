package io.weir.streams.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.LimitMode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts what the topology does. Thread-safe.
 *
 * <p>Labels come from rules and from this code, never from requests: a request's domain is a label
 * only where rules of it exist. Their number is capped all the same, because rules can be many;
 * what is beyond the cap is counted under {@code other}.
 *
 * <ul>
 *   <li>{@code weir.decisions} by domain, rule (the binding limit's), verdict and reason
 *   <li>{@code weir.shadow.denials} by domain and rule
 *   <li>{@code weir.dead.letters} by problem
 *   <li>{@code weir.rules.loaded} and {@code weir.rules.rejected}: records of the rules topic
 *   <li>{@code weir.rows.scanned}, {@code weir.rows.expired} and {@code weir.expiry.step}, the time
 *       that looking for rows to delete and deleting them held up requests
 *   <li>{@code weir.holds.released} and {@code weir.holds.lost}
 *   <li>{@code weir.duplicates} and {@code weir.duplicates.forgotten}
 * </ul>
 *
 * <p>The first two appear with the first decision of their kind, the others at once.
 */
public final class TopologyMetrics {
  /** The most pairs of domain and rule that are told apart unless told otherwise. */
  public static final int DEFAULT_MAX_RULES = 1_000;

  private static final String NONE = "none";
  private static final RuleLabel NO_RULE = new RuleLabel(NONE, NONE);
  private static final RuleLabel OTHER = new RuleLabel("other", "other");

  private final MeterRegistry registry;
  private final int maxRules;
  private final Map<RuleLabel, RuleLabel> rules = new ConcurrentHashMap<>();
  private final Map<DecisionLabel, Counter> decisions = new ConcurrentHashMap<>();
  private final Map<RuleLabel, Counter> shadowDenials = new ConcurrentHashMap<>();
  private final Map<Problem, Counter> deadLetters = new EnumMap<>(Problem.class);
  private final Counter rulesLoaded;
  private final Counter rulesRejected;
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
    this.maxRules = maxRules;
    for (Problem problem : Problem.values()) {
      deadLetters.put(problem, deadLetterCounter(problem));
    }
    this.rulesLoaded =
        counter(
            "weir.rules.loaded", "Records of the rules topic that were put in force", Tags.empty());
    this.rulesRejected =
        counter(
            "weir.rules.rejected", "Records of the rules topic that were skipped", Tags.empty());
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
    List<LimitStatus> statuses = decision.statuses();
    RuleLabel rule = NO_RULE;
    if (!statuses.isEmpty() && decision.reason() != Reason.TIMEOUT) {
      rule = new RuleLabel(domain, statuses.get(0).rule());
    } else if (ruled) {
      rule = new RuleLabel(domain, NONE);
    }
    Counter known = decisions.get(new DecisionLabel(rule, decision.verdict(), decision.reason()));
    (known == null ? decisionCounter(rule, decision) : known).increment();
    for (int i = 0; i < statuses.size(); i++) {
      LimitStatus status = statuses.get(i);
      if (status.mode() == LimitMode.SHADOW && status.verdict() == Verdict.DENY) {
        shadowDenials
            .computeIfAbsent(capped(new RuleLabel(domain, status.rule())), this::shadowCounter)
            .increment();
      }
    }
  }

  /** Counts one dead letter. */
  void deadLettered(Problem problem) {
    Objects.requireNonNull(deadLetters.get(problem)).increment();
  }

  /** Counts one rules record that is now in force, or one tombstone. */
  void rulesLoaded() {
    rulesLoaded.increment();
  }

  /** Counts one rules record that was skipped. */
  void rulesRejected() {
    rulesRejected.increment();
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

  /** The counter of the first decision of its kind, or of one that is beyond the cap. */
  private Counter decisionCounter(RuleLabel rule, Decision decision) {
    RuleLabel label = rule.equals(NO_RULE) ? rule : capped(rule);
    return decisions.computeIfAbsent(
        new DecisionLabel(label, decision.verdict(), decision.reason()), this::decisionCounter);
  }

  private RuleLabel capped(RuleLabel label) {
    RuleLabel known = rules.get(label);
    if (known != null) {
      return known;
    }
    if (rules.size() >= maxRules) {
      return OTHER;
    }
    rules.put(label, label);
    return label;
  }

  private Counter decisionCounter(DecisionLabel label) {
    return counter(
        "weir.decisions",
        "Decisions by the rule that was binding",
        label
            .rule()
            .tags()
            .and("verdict", label.verdict().name(), "reason", label.reason().name()));
  }

  private Counter deadLetterCounter(Problem problem) {
    return counter(
        "weir.dead.letters",
        "Records that went to the dead-letter topic",
        Tags.of("problem", problem.label()));
  }

  private Counter shadowCounter(RuleLabel rule) {
    return counter(
        "weir.shadow.denials",
        "Requests that a rule in shadow mode would have denied",
        rule.tags());
  }

  private Counter counter(String name, String description, Tags tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  private record RuleLabel(String domain, String rule) {
    Tags tags() {
      return Tags.of("domain", domain, "rule", rule);
    }
  }

  private record DecisionLabel(RuleLabel rule, Verdict verdict, Reason reason) {}
}
