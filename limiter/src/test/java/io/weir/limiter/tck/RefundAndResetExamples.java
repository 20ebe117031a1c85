package io.weir.limiter.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link RateLimiterTck} asks of refunds and resets, in plain numbers. */
public abstract class RefundAndResetExamples extends CheckExamples {
  private static final String USER_AND_ENDPOINT =
      """
      - key: user_id
        rate_limit: {unit: hour, requests_per_unit: 9}
        descriptors:
          - key: endpoint
            rate_limit: {unit: hour, requests_per_unit: 3}
      """;

  @Test
  void limiterThatTakesNoRefundsAndResetsSaysSo() {
    assumeTrue(!refundsAndResets());
    try (Subject subject =
        start("- {key: user_id, rate_limit: {unit: minute, requests_per_unit: 5}}")) {
      assertThatThrownBy(() -> subject.refund(user("42"), START, START))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> subject.reset(user("42"), START))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  // ----------------------------------------------------------------------------- refunds

  @Test
  void tokenBucketTakesARefundUpToFull() {
    try (Subject subject =
        startForRefunds("algorithm: token_bucket, unit: second, requests_per_unit: 1, burst: 5")) {
      subject.decide(user("42").withCost(4), START);
      assertRemaining(subject.refund(user("42").withCost(3), START, START), 4);
      assertRemaining(subject.refund(user("42").withCost(3), START, START), 5);
      assertThat(allowed(subject, user("42"), START, 9)).isEqualTo(5);
      // Whenever it was charged: the bucket does not know.
      assertRemaining(subject.refund(user("42"), START + 90_000, START + 500), 1);
    }
  }

  @Test
  void fixedWindowTakesARefundOfItselfOnly() {
    try (Subject subject = startForRefunds("unit: minute, requests_per_unit: 5")) {
      subject.decide(user("42").withCost(4), START + 59_000);
      assertRemaining(subject.refund(user("42").withCost(1), START + 59_000, START + 59_500), 2);
      // Another time of the same window is of the same count; one of another window is not.
      assertRemaining(subject.refund(user("42").withCost(1), START, START + 59_500), 3);
      assertRemaining(subject.refund(user("42").withCost(1), START - 1, START + 59_500), 3);
      assertRemaining(subject.refund(user("42").withCost(1), START + 60_000, START + 59_500), 3);
      assertRemaining(subject.refund(user("42").withCost(9), START, START + 59_500), 5);
      subject.decide(user("42").withCost(4), START + 60_000);
      assertRemaining(subject.refund(user("42").withCost(4), START + 59_000, START + 60_000), 1);
    }
  }

  @Test
  void slidingWindowCounterTakesARefundOfItsTwoWindows() {
    try (Subject subject =
        startForRefunds("algorithm: sliding_window_counter, unit: minute, requests_per_unit: 8")) {
      subject.decide(user("42").withCost(4), START);
      subject.decide(user("42").withCost(2), START + 90_000);
      // Half of the four and the two count; half of what is given back of the four is free.
      assertRemaining(subject.decide(user("42").peek(), START + 90_000), 4);
      assertRemaining(subject.refund(user("42").withCost(2), START, START + 90_000), 5);
      assertRemaining(subject.refund(user("42").withCost(1), START + 90_000, START + 90_000), 6);
      assertRemaining(subject.refund(user("42").withCost(9), START - 1, START + 90_000), 6);
      assertRemaining(subject.refund(user("42").withCost(9), START + 60_000, START + 90_000), 7);
    }
  }

  @Test
  void slidingWindowLogTakesARefundOfItsEntryAndKeepsItsTime() {
    try (Subject subject =
        startForRefunds("algorithm: sliding_window_log, unit: minute, requests_per_unit: 5")) {
      subject.decide(user("42").withCost(2), START);
      subject.decide(user("42").withCost(3), START + 10);
      assertRemaining(subject.refund(user("42"), START + 5, START + 10), 0);
      assertRemaining(subject.refund(user("42"), START, START + 10), 1);
      assertRemaining(subject.refund(user("42").withCost(9), START + 10, START + 20), 4);
      // A late request is judged at the last admission all the same.
      assertThat(subject.decide(user("42"), START + 1).nowMillis()).isEqualTo(START + 10);
    }
  }

  @Test
  void leakyBucketTakesARefundOfItsTailOnly() {
    try (Subject subject =
        startForRefunds("algorithm: leaky_bucket, unit: second, requests_per_unit: 1, burst: 9")) {
      subject.decide(user("42").withCost(4), START);
      subject.decide(user("42").withCost(2), START + 1_000);
      // Who came first has no turn to give back: another waits behind it.
      assertRemaining(subject.refund(user("42").withCost(4), START, START + 1_000), 4);
      assertRemaining(subject.refund(user("42").withCost(2), START + 1_000, START + 1_000), 6);
      assertThat(subject.decide(user("42"), START + 1_000).delayMillis()).isEqualTo(3_000);
    }
  }

  @Test
  void refundOfNothingTakenChangesNothing() {
    try (Subject subject = startForRefunds("unit: minute, requests_per_unit: 5")) {
      Decision decision = subject.refund(user("42").withCost(3), START, START);
      assertRemaining(decision, 5);
      assertThat(decision.reason()).isEqualTo(Reason.REFUNDED);
      assertThat(decision.identifier()).contains("api/user_id=42");
      assertThat(decision.retryAfterMillis()).isEmpty();
      assertThat(allowed(subject, user("42"), START, 6)).isEqualTo(5);
    }
  }

  @Test
  void refundGoesToAllLimitsWhateverTheirModeAndListsTheTightestFirst() {
    assumeTrue(refundsAndResets());
    try (Subject subject =
        start(
            """
            - key: user_id
              rate_limit: {unit: minute, requests_per_unit: 9}
              descriptors:
                - key: plan
                  shadow_mode: true
                  rate_limit: {unit: minute, requests_per_unit: 3}
                - key: tier
                  quota_mode: true
                  rate_limit: {unit: minute, requests_per_unit: 5}
            """)) {
      Request request =
          Request.of(DOMAIN, Map.of("user_id", "42", "plan", "free", "tier", "1")).withCost(3);
      assertThat(subject.decide(request, START).statuses())
          .extracting(LimitStatus::remaining)
          .containsExactly(2L, 6L, 0L);
      assertThat(subject.refund(request.withCost(2), START, START).statuses())
          .extracting(LimitStatus::remaining)
          .containsExactly(4L, 8L, 2L);
    }
  }

  @Test
  void rowOfOtherNumbersIsRefundedAndOneOfAnotherAlgorithmIsNot() {
    try (Subject subject = startForRefunds("unit: minute, requests_per_unit: 5")) {
      subject.decide(user("42").withCost(4), START);
      subject.changeRules(
          rules("- {key: user_id, rate_limit: {unit: minute, requests_per_unit: 4}}"));
      assertRemaining(subject.refund(user("42").withCost(1), START, START), 1);
      subject.changeRules(
          rules(
              """
              - key: user_id
                rate_limit: {algorithm: sliding_window_log, unit: minute, requests_per_unit: 4}
              """));
      assertRemaining(subject.refund(user("42").withCost(1), START, START), 4);
      subject.changeRules(
          rules("- {key: user_id, rate_limit: {unit: minute, requests_per_unit: 5}}"));
      assertThat(allowed(subject, user("42"), START, 5)).isEqualTo(2);
    }
  }

  @Test
  void refundOfARequestWithSeveralIdentifiersGoesToAllOfThem() {
    assumeTrue(refundsAndResets() && judgesSeveralIdentifiers());
    try (Subject subject = startWithUsersAndAddresses()) {
      Request both = Request.of(DOMAIN, Map.of("user_id", "42", "ip", "::1")).withCost(3);
      subject.decide(both, START);
      assertThat(subject.refund(both.withCost(2), START, START).statuses())
          .extracting(LimitStatus::remaining)
          .containsExactly(2L, 4L);
    }
  }

  @Test
  void refundThatNoRuleNamesOrNobodyIsNamedBySaysSo() {
    try (Subject subject = startForRefunds("unit: minute, requests_per_unit: 5")) {
      assertThat(subject.refund(Request.of(DOMAIN, "ip", "::1"), START, START).reason())
          .isEqualTo(Reason.NO_RULE);
      assertThat(subject.refund(user(""), START, START).reason()).isEqualTo(Reason.INVALID_REQUEST);
      assertThat(subject.reset(Request.of(DOMAIN, "ip", "::1"), START).reason())
          .isEqualTo(Reason.NO_RULE);
      assertThat(subject.reset(user(""), START).reason()).isEqualTo(Reason.INVALID_REQUEST);
    }
  }

  // ------------------------------------------------------------------------------ resets

  @Test
  void resetForgetsWhatWasUsedOfThatIdentifierOnly() {
    try (Subject subject = startForRefunds("unit: minute, requests_per_unit: 3")) {
      assertThat(allowed(subject, user("42"), START, 4)).isEqualTo(3);
      assertThat(allowed(subject, user("4"), START, 4)).isEqualTo(3);
      Decision decision = subject.reset(user("42"), START + 1);
      assertThat(decision.reason()).isEqualTo(Reason.RESET);
      assertThat(decision.identifier()).contains("api/user_id=42");
      assertRemaining(decision, 3);
      assertThat(allowed(subject, user("42"), START + 2, 4)).isEqualTo(3);
      assertThat(subject.decide(user("4"), START + 2).isAllowed()).isFalse();
    }
  }

  @Test
  void resetForgetsTimeToo() {
    try (Subject subject =
        startForRefunds("algorithm: token_bucket, unit: second, requests_per_unit: 1, burst: 5")) {
      subject.decide(user("42"), START + 60_000);
      subject.reset(user("42"), START);
      assertThat(subject.decide(user("42"), START).nowMillis()).isEqualTo(START);
    }
  }

  @Test
  void resetForgetsDeeperLimitsThatItDoesNotName() {
    assumeTrue(refundsAndResets());
    try (Subject subject = start(USER_AND_ENDPOINT)) {
      Request login = Request.of(DOMAIN, Map.of("user_id", "42", "endpoint", "/login"));
      assertThat(allowed(subject, login, START, 4)).isEqualTo(3);
      assertThat(subject.reset(user("42"), START).statuses()).hasSize(1);
      assertThat(subject.decide(login, START).statuses())
          .extracting(LimitStatus::remaining)
          .containsExactly(2L, 8L);
      assertThat(subject.reset(login, START).statuses())
          .extracting(LimitStatus::remaining)
          .containsExactly(3L, 9L);
    }
  }

  @Test
  void resetForgetsWhatDeletedRulesLeftAndWhereNoLimitAppliesNow() {
    assumeTrue(refundsAndResets());
    RuleSet before = rules(USER_AND_ENDPOINT);
    try (Subject subject = start(before, Duration.ofMinutes(5))) {
      Request login = Request.of(DOMAIN, Map.of("user_id", "42", "endpoint", "/login"));
      assertThat(allowed(subject, login, START, 4)).isEqualTo(3);
      subject.changeRules(rules("- {key: user_id}"));
      Decision decision = subject.reset(user("42"), START);
      assertThat(decision.reason()).isEqualTo(Reason.RESET);
      assertThat(decision.identifier()).contains("api/user_id=42");
      assertThat(decision.statuses()).isEmpty();
      subject.changeRules(before);
      assertThat(allowed(subject, login, START, 4)).isEqualTo(3);
    }
  }

  @Test
  void resetOfAValueThatSharesABudgetForgetsTheBudget() {
    assumeTrue(refundsAndResets());
    try (Subject subject =
        start(
            """
            - key: path
              value: /files/*
              share_threshold: true
              rate_limit: {unit: minute, requests_per_unit: 2}
            """)) {
      assertThat(allowed(subject, Request.of(DOMAIN, "path", "/files/a"), START, 3)).isEqualTo(2);
      Decision decision = subject.reset(Request.of(DOMAIN, "path", "/files/b"), START);
      assertThat(decision.identifier()).contains("api/path=%2Ffiles%2F*");
      assertThat(allowed(subject, Request.of(DOMAIN, "path", "/files/a"), START, 3)).isEqualTo(2);
    }
  }

  @Test
  void resetOfSeveralIdentifiersForgetsAllOfThem() {
    assumeTrue(refundsAndResets() && judgesSeveralIdentifiers());
    try (Subject subject = startWithUsersAndAddresses()) {
      Request both = Request.of(DOMAIN, Map.of("user_id", "42", "ip", "::1"));
      assertThat(allowed(subject, both, START, 4)).isEqualTo(3);
      assertThat(subject.reset(both, START).statuses())
          .extracting(LimitStatus::stateKey)
          .containsExactly("api/ip=%3A%3A1|#", "api/user_id=42|#");
      assertThat(allowed(subject, both, START, 4)).isEqualTo(3);
      assertThat(subject.reset(user("42"), START).statuses()).hasSize(1);
      assertThat(subject.decide(both, START).isAllowed()).isFalse();
    }
  }

  private Subject startForRefunds(String limit) {
    assumeTrue(refundsAndResets());
    return start("- key: user_id\n  rate_limit: {" + limit + "}\n");
  }

  private Subject startWithUsersAndAddresses() {
    return start(
        """
        - {key: user_id, rate_limit: {unit: minute, requests_per_unit: 5}}
        - {key: ip, rate_limit: {unit: minute, requests_per_unit: 3}}
        """);
  }

  private static void assertRemaining(Decision decision, long remaining) {
    assertThat(decision.isAllowed()).isTrue();
    assertThat(decision.statuses()).extracting(LimitStatus::remaining).containsExactly(remaining);
  }
}
