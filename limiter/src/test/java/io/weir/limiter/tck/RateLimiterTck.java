package io.weir.limiter.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * The compatibility kit: what every limiter that judges by Weir's rules must do, whatever its state
 * lives in. Extend it, say how your limiter is started, and run it; it needs JUnit 5, jqwik and
 * AssertJ. What many threads at once must find is in {@link RateLimiterConcurrencyTck}.
 *
 * <p>The examples show each promise in plain numbers. The properties drive random histories against
 * {@link ReferenceLimiter}, which keeps everything in a map, forgets nothing and has no threads,
 * and ask for the same decision each time; and against {@link ExactReference}, which is written
 * from the semantics alone.
 */
public abstract class RateLimiterTck {
  /** A whole minute, and a whole hour: 2026-01-01T00:00:00Z. */
  protected static final long START = 1_767_225_600_000L;

  private static final long YEAR_MILLIS = 365L * 86_400_000;

  private static final String DOMAIN = "api";

  /** A running limiter whose time the kit sets. */
  public interface Subject extends AutoCloseable {

    /**
     * Judges a request that is made at the given time, which may be earlier than that of the
     * request before it.
     *
     * @param timestampMillis milliseconds since the epoch
     */
    Decision decide(Request request, long timestampMillis);

    /** Puts other rules in force. */
    void changeRules(RuleSet rules);

    /** Lets whatever expiry the limiter has do all that it can do now. */
    void expire();

    @Override
    void close();
  }

  /**
   * Starts the limiter under test, without state.
   *
   * @param rules the rules in force
   * @param lateness how far a request may be behind the newest one and still be judged at its own
   *     time
   */
  protected abstract Subject start(RuleSet rules, Duration lateness);

  /**
   * Whether a request may match rules under several identifiers. Where it may not, it must be
   * denied as {@link Reason#INVALID_REQUEST}, with a message that names them.
   */
  protected boolean judgesSeveralIdentifiers() {
    return true;
  }

  // ---------------------------------------------------------------------------- examples

  @Test
  void tokenBucketAllowsItsBurstThenOneForEachToken() {
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 3, burst: 4}
            """)) {
      assertThat(allowed(subject, user("42"), START, 6)).isEqualTo(4);
      Decision denied = subject.decide(user("42"), START);
      assertThat(denied.reason()).isEqualTo(Reason.OVER_LIMIT);
      // A third of a second is no whole number of milliseconds; the wait is rounded up.
      assertThat(denied.retryAfterMillis()).hasValue(334);
      assertThat(subject.decide(user("42"), START + 333).isAllowed()).isFalse();
      assertThat(subject.decide(user("42"), START + 334).isAllowed()).isTrue();
    }
  }

  @Test
  void leakyBucketQueuesAtTheOutflowAndDeniesWhenFull() {
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {algorithm: leaky_bucket, unit: second, requests_per_unit: 2, burst: 3}
            """)) {
      List<Long> delays = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        delays.add(subject.decide(user("42"), START).delayMillis());
      }
      assertThat(delays).containsExactly(0L, 500L, 1_000L);
      assertThat(subject.decide(user("42"), START).retryAfterMillis()).hasValue(500);
    }
  }

  @Test
  void fixedWindowStartsAfreshAtMultiplesOfItsPeriod() {
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {unit: minute, requests_per_unit: 2}
            """)) {
      assertThat(allowed(subject, user("42"), START + 59_000, 3)).isEqualTo(2);
      assertThat(subject.decide(user("42"), START + 59_500).retryAfterMillis()).hasValue(500);
      assertThat(allowed(subject, user("42"), START + 60_000, 3)).isEqualTo(2);
    }
  }

  @Test
  void slidingWindowLogCountsAnEntryForExactlyOnePeriod() {
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {algorithm: sliding_window_log, unit: minute, requests_per_unit: 2}
            """)) {
      subject.decide(user("42"), START + 59_000);
      subject.decide(user("42"), START + 59_001);
      assertThat(subject.decide(user("42"), START + 118_999).isAllowed()).isFalse();
      assertThat(subject.decide(user("42"), START + 119_000).isAllowed()).isTrue();
      assertThat(subject.decide(user("42"), START + 119_000).retryAfterMillis()).hasValue(1);
    }
  }

  @Test
  void slidingWindowCounterWeighsThePreviousWindow() {
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {algorithm: sliding_window_counter, unit: minute, requests_per_unit: 4}
            """)) {
      assertThat(allowed(subject, user("42"), START + 30_000, 4)).isEqualTo(4);
      // A quarter into the next window three quarters of the four still count.
      assertThat(allowed(subject, user("42"), START + 75_000, 4)).isEqualTo(1);
      assertThat(subject.decide(user("42"), START + 75_000).retryAfterMillis()).hasValue(15_000);
    }
  }

  @Test
  void deniedLargeCostBurnsNothingAndPeeksAreFree() {
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {unit: minute, requests_per_unit: 5}
            """)) {
      subject.decide(user("42").withCost(3), START);
      assertThat(subject.decide(user("42").withCost(3), START).reason())
          .isEqualTo(Reason.OVER_LIMIT);
      assertThat(subject.decide(user("42").withCost(6), START).reason())
          .isEqualTo(Reason.NEVER_FITS);
      assertThat(subject.decide(user("42").peek(), START).isAllowed()).isTrue();
      Decision rest = subject.decide(user("42").withCost(2), START);
      assertThat(rest.isAllowed()).isTrue();
      assertThat(rest.statuses().get(0).remaining()).isZero();
      assertThat(subject.decide(user("42").peek(), START).isAllowed()).isFalse();
    }
  }

  @Test
  void nestedLimitsAreJudgedTogetherAndAllOrNothing() {
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {unit: hour, requests_per_unit: 10}
              descriptors:
                - key: endpoint
                  value: /login
                  rate_limit: {unit: minute, requests_per_unit: 1}
            """)) {
      Request login = Request.of(DOMAIN, Map.of("user_id", "42", "endpoint", "/login"));
      assertThat(subject.decide(login, START).isAllowed()).isTrue();
      Decision denied = subject.decide(login, START + 1);
      assertThat(denied.isAllowed()).isFalse();
      assertThat(denied.identifier()).contains("api/user_id=42");
      assertThat(denied.statuses()).extracting(LimitStatus::remaining).containsExactly(0L, 9L);
      assertThat(denied.statuses())
          .extracting(LimitStatus::stateKey)
          .containsExactly("api/user_id=42|endpoint=%2Flogin#", "api/user_id=42|#");
    }
  }

  @Test
  void requestWithSeveralIdentifiersIsAllOrNothing() {
    try (Subject subject =
        start(
            """
            - {key: user_id, rate_limit: {unit: minute, requests_per_unit: 5}}
            - {key: ip, rate_limit: {unit: minute, requests_per_unit: 1}}
            """)) {
      Request both = Request.of(DOMAIN, Map.of("user_id", "42", "ip", "::1"));
      Decision first = subject.decide(both, START);
      if (!judgesSeveralIdentifiers()) {
        assertThat(first.isAllowed()).isFalse();
        assertThat(first.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(first.message())
            .hasValueSatisfying(it -> assertThat(it).contains("api/user_id=42", "api/ip=%3A%3A1"));
        assertThat(allowed(subject, user("42"), START, 6)).isEqualTo(5);
        return;
      }
      assertThat(first.isAllowed()).isTrue();
      Decision denied = subject.decide(both, START + 1);
      assertThat(denied.isAllowed()).isFalse();
      assertThat(denied.statuses())
          .extracting(LimitStatus::stateKey, LimitStatus::remaining)
          .containsExactly(tuple("api/ip=%3A%3A1|#", 0L), tuple("api/user_id=42|#", 4L));
      assertThat(allowed(subject, user("42"), START + 2, 6)).isEqualTo(4);
    }
  }

  @Test
  void requestThatNoRuleNamesIsAllowedAndSaysSo() {
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {unit: minute, requests_per_unit: 0}
              descriptors:
                - key: plan
                  value: staff
            - key: health
              rate_limit: {unlimited: true}
            """)) {
      assertThat(subject.decide(Request.of(DOMAIN, "ip", "::1"), START).reason())
          .isEqualTo(Reason.NO_RULE);
      assertThat(subject.decide(Request.of("elsewhere", "user_id", "42"), START).reason())
          .isEqualTo(Reason.NO_RULE);
      assertThat(subject.decide(Request.of(DOMAIN, "health", "live"), START).reason())
          .isEqualTo(Reason.UNLIMITED);
      Decision none = subject.decide(user("42"), START);
      assertThat(none.reason()).isEqualTo(Reason.NEVER_FITS);
      assertThat(none.retryAfterMillis()).isEmpty();
    }
  }

  @Test
  void requestWithoutAnIdentityWhereItIsLimitedIsInvalidAndSaysWhy() {
    try (Subject subject =
        start("- {key: user_id, rate_limit: {unit: minute, requests_per_unit: 5}}")) {
      Decision decision = subject.decide(user(""), START);
      assertThat(decision.isAllowed()).isFalse();
      assertThat(decision.reason()).isEqualTo(Reason.INVALID_REQUEST);
      assertThat(decision.message()).hasValueSatisfying(it -> assertThat(it).contains("user_id"));
    }
  }

  @Test
  void shadowAndQuotaLimitsDenyAsTheirModesSay() {
    try (Subject subject =
        start(
            """
            - key: user_id
              shadow_mode: true
              rate_limit: {unit: minute, requests_per_unit: 1}
              descriptors:
                - key: plan
                  quota_mode: true
                  rate_limits:
                    - {name: small, unit: minute, requests_per_unit: 2}
                    - {name: large, unit: minute, requests_per_unit: 3}
            """)) {
      Request request = Request.of(DOMAIN, Map.of("user_id", "42", "plan", "free"));
      List<Reason> reasons = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        reasons.add(subject.decide(request, START + i).reason());
      }
      assertThat(reasons)
          .containsExactly(
              Reason.WITHIN_LIMIT,
              Reason.SHADOW_OVER_LIMIT,
              Reason.SHADOW_OVER_LIMIT,
              Reason.OVER_LIMIT);
    }
  }

  @Test
  void lateRequestTakesNoTokensAwayAndGivesNoneBack() {
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 1, burst: 2}
            """)) {
      subject.decide(user("42"), START + 10_000);
      Decision late = subject.decide(user("42"), START + 4_000);
      assertThat(late.isAllowed()).isTrue();
      assertThat(late.nowMillis()).isEqualTo(START + 10_000);
      Decision denied = subject.decide(user("42"), START + 5_000);
      assertThat(denied.retryAfterMillis()).hasValue(6_000);
      assertThat(subject.decide(user("42"), START + 11_000).isAllowed()).isTrue();
    }
  }

  @Test
  void changedRuleKeepsWhatWasUsedAndADeletedOneIsFoundAgain() {
    RuleSet five = rules("- {key: user_id, rate_limit: {unit: minute, requests_per_unit: 5}}");
    try (Subject subject = start(five, Duration.ofMinutes(5))) {
      assertThat(allowed(subject, user("42"), START, 4)).isEqualTo(4);
      subject.changeRules(
          rules("- {key: user_id, rate_limit: {unit: minute, requests_per_unit: 4}}"));
      assertThat(subject.decide(user("42"), START + 1).isAllowed()).isFalse();
      subject.changeRules(rules("- {key: ip, rate_limit: {unit: minute, requests_per_unit: 4}}"));
      assertThat(subject.decide(user("42"), START + 2).reason()).isEqualTo(Reason.NO_RULE);
      subject.changeRules(five);
      assertThat(allowed(subject, user("42"), START + 3, 3)).isEqualTo(1);
      subject.changeRules(
          rules(
              """
              - key: user_id
                rate_limit: {algorithm: sliding_window_log, unit: minute, requests_per_unit: 5}
              """));
      assertThat(allowed(subject, user("42"), START + 4, 6)).isEqualTo(5);
    }
  }

  @Test
  void exactRuleAddedForAValueKeepsWhatThatValueUsed() {
    try (Subject subject =
        start("- {key: user_id, rate_limit: {unit: minute, requests_per_unit: 2}}")) {
      assertThat(allowed(subject, user("42"), START, 3)).isEqualTo(2);
      subject.changeRules(
          rules(
              """
              - {key: user_id, rate_limit: {unit: minute, requests_per_unit: 2}}
              - {key: user_id, value: "42", rate_limit: {unit: minute, requests_per_unit: 3}}
              """));
      assertThat(allowed(subject, user("42"), START + 1, 3)).isEqualTo(1);
    }
  }

  @Test
  void sharedThresholdIsOneBudgetForAllValuesOfThePattern() {
    try (Subject subject =
        start(
            """
            - key: path
              value: /files/*
              share_threshold: true
              rate_limit: {unit: minute, requests_per_unit: 2}
            """)) {
      assertThat(subject.decide(Request.of(DOMAIN, "path", "/files/a"), START).isAllowed())
          .isTrue();
      Decision second = subject.decide(Request.of(DOMAIN, "path", "/files/b"), START);
      assertThat(second.identifier()).contains("api/path=%2Ffiles%2F*");
      assertThat(subject.decide(Request.of(DOMAIN, "path", "/files/c"), START).isAllowed())
          .isFalse();
    }
  }

  // -------------------------------------------------------------------------- properties

  @Property(tries = 60)
  void decidesAsTheReferenceDoesWhateverHappens(@ForAll("histories") History history) {
    try (Subject subject = start(history.rules().get(0), history.lateness());
        ReferenceLimiter reference =
            new ReferenceLimiter(history.rules().get(0), history.lateness())) {
      int step = 0;
      for (History.Event event : history.events()) {
        if (event.changeRulesTo() >= 0) {
          subject.changeRules(history.rules().get(event.changeRulesTo()));
          reference.changeRules(history.rules().get(event.changeRulesTo()));
        }
        if (event.expire()) {
          subject.expire();
        }
        assertThat(comparable(subject.decide(event.request(), event.timestampMillis())))
            .as("step %d of %s", step++, history)
            .isEqualTo(comparable(reference.decide(event.request(), event.timestampMillis())));
      }
    }
  }

  /** The verdicts, times, delays and waits by the words of the semantics, in exact fractions. */
  @Property(tries = 60)
  void decidesByTheDefinitionsOfAlgorithmsAndVerdicts(@ForAll("histories") History history) {
    RuleSet rules = history.rules().get(0);
    try (Subject subject = start(rules, history.lateness())) {
      ExactReference reference = new ExactReference();
      long newestMillis = 0;
      for (History.Event event : history.events()) {
        Request request = event.request();
        if (event.expire()) {
          subject.expire();
        }
        newestMillis = Math.max(newestMillis, event.timestampMillis());
        Match match = rules.match(request.domain(), request.attributes());
        Decision decision = subject.decide(request, event.timestampMillis());
        if (match.identifiers().isEmpty()) {
          assertThat(decision.isAllowed()).isTrue();
          continue;
        }
        Check check =
            Check.of(
                match,
                request.cost(),
                event.timestampMillis(),
                newestMillis - history.lateness().toMillis());
        assertThat(ExactReference.Outcome.of(decision))
            .as("%s at %d of %s", request, event.timestampMillis(), history)
            .isEqualTo(reference.judge(check));
        if (decision.reason() == Reason.OVER_LIMIT) {
          long readyAt = event.timestampMillis() + decision.retryAfterMillis().orElseThrow();
          assertThat(reference.wouldAdmit(check, readyAt)).isTrue();
          assertThat(reference.wouldAdmit(check, readyAt - 1)).isFalse();
        } else if (decision.reason() == Reason.NEVER_FITS) {
          assertThat(reference.wouldAdmit(check, event.timestampMillis() + YEAR_MILLIS)).isFalse();
        }
      }
    }
  }

  @Provide
  Arbitrary<History> histories() {
    return History.arbitrary(START, judgesSeveralIdentifiers());
  }

  /** All of a decision but the revision, which each limiter counts in its own way. */
  private static Decision comparable(Decision decision) {
    return new Decision(
        decision.verdict(),
        decision.reason(),
        decision.message(),
        decision.identifier(),
        decision.statuses(),
        decision.retryAfterMillis(),
        decision.delayMillis(),
        0,
        decision.timestampMillis(),
        decision.nowMillis());
  }

  // ----------------------------------------------------------------------------- helpers

  private Subject start(String descriptors) {
    return start(rules(descriptors), Duration.ofMinutes(5));
  }

  private static RuleSet rules(String descriptors) {
    return Rules.of(DOMAIN, descriptors);
  }

  private static Request user(String id) {
    return Request.of(DOMAIN, "user_id", id);
  }

  private static int allowed(Subject subject, Request request, long timestampMillis, int times) {
    int allowed = 0;
    for (int i = 0; i < times; i++) {
      allowed += subject.decide(request, timestampMillis).verdict() == Verdict.ALLOW ? 1 : 0;
    }
    return allowed;
  }
}
