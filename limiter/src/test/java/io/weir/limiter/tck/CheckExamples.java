package io.weir.limiter.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link RateLimiterTck} asks of checks and peeks, in plain numbers. */
public abstract class CheckExamples extends LimiterKit {

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
}
