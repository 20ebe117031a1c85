package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weir.limiter.rule.KeyText;
import io.weir.schemas.Decision;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.Verdict;
import io.weir.streams.testkit.WeirDriver;
import io.weir.streams.testkit.WeirTestKit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refunds and resets as events; what they do to each algorithm, the compatibility kit shows. */
class OperationsTest {
  private static final Instant START = WeirDriver.START;
  private static final Map<String, String> BOTH =
      Map.of("user_id", "1", "ip", "::1", "endpoint", "/login");
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: minute, requests_per_unit: 5}
          descriptors:
            - key: endpoint
              value: /login
              rate_limit: {unit: minute, requests_per_unit: 4}
        - key: ip
          rate_limit: {unit: hour, requests_per_unit: 3}
      """;

  @Test
  void aRefundGivesBackInEveryIdentifierAndIsAnsweredOnce() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      Decision charged = ask(weir, event("r-1", BOTH, 3, Operation.CHECK, null));
      assertThat(ask(weir, event("r-2", BOTH, 1, Operation.CHECK, null)).getVerdict())
          .isEqualTo(Verdict.DENY);
      assertThat(weir.driver().releases()).hasSize(1);

      Decision refunded =
          ask(weir, event("back", BOTH, 2, Operation.REFUND, charged.getEvaluationTime()));

      assertThat(refunded.getVerdict()).isEqualTo(Verdict.ALLOW);
      assertThat(refunded.getReason()).isEqualTo(Reason.REFUNDED);
      assertThat(refunded.getRequestId()).isEqualTo("back");
      assertThat(refunded.getStatuses())
          .extracting(LimitStatus::getRule, LimitStatus::getRemaining)
          .containsExactly(
              tuple("api.ip", 2L),
              tuple("api.user_id.endpoint_/login", 3L),
              tuple("api.user_id", 4L));
      assertThat(ask(weir, event("r-3", BOTH, 2, Operation.CHECK, null)).getVerdict())
          .isEqualTo(Verdict.ALLOW);
      assertThat(weir.driver().releases()).as("nothing was held").isEmpty();
    }
  }

  @Test
  void aResetForgetsAllRowsOfAllIdentifiers() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      ask(weir, event("r-1", BOTH, 3, Operation.CHECK, null));
      assertThat(weir.driver().store().rowsOf(KeyText.of("api/user_id=1"), 10)).hasSize(2);

      Decision reset =
          ask(weir, event("reset", Map.of("user_id", "1", "ip", "::1"), 1, Operation.RESET, null));

      assertThat(reset.getVerdict()).isEqualTo(Verdict.ALLOW);
      assertThat(reset.getReason()).isEqualTo(Reason.RESET);
      assertThat(reset.getIdentifier()).isEqualTo("api/user_id=1");
      assertThat(reset.getStatuses()).extracting(LimitStatus::getRemaining).containsExactly(3L, 5L);
      assertThat(weir.driver().store().rowsOf(KeyText.of("api/user_id=1"), 10)).isEmpty();
      assertThat(weir.driver().store().rowsOf(KeyText.of("api/ip=%3A%3A1"), 10)).isEmpty();
    }
  }

  @Test
  void aResetReachesLimitsOfDeletedRulesAndThoseThatItsAttributesDoNotMeet() {
    try (WeirTestKit weir =
        WeirTestKit.given(
            """
            domain: api
            descriptors:
              - key: user_id
                descriptors:
                  - {key: endpoint, rate_limit: {unit: minute, requests_per_unit: 4}}
            """)) {
      ask(weir, event("r-1", BOTH, 3, Operation.CHECK, null));

      Decision reset = ask(weir, event("x", Map.of("user_id", "1"), 1, Operation.RESET, null));

      assertThat(reset.getReason()).isEqualTo(Reason.RESET);
      assertThat(reset.getStatuses()).isEmpty();
      assertThat(weir.driver().store().rowsOf(KeyText.of("api/user_id=1"), 10)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"REFUND", "RESET"})
  void whatNoRuleMatchesIsAnsweredSo(Operation operation) {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      Decision decision = ask(weir, event("x", Map.of("method", "GET"), 1, operation, START));
      assertThat(decision.getReason()).isEqualTo(Reason.NO_RULE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "REFUND | 0 | 5    | cost is 0; a REFUND needs the number of tokens that come back",
        "REFUND | 1 |      | a REFUND needs charged_at, the evaluation_time of the decision that is"
            + " refunded",
        "REFUND | 1 | -1   | charged_at is -1; it must be 0 or more",
        "UNKNOWN | 1 |     | the operation is one that this version does not know; use CHECK, PEEK,"
            + " REFUND or RESET",
      })
  void whatMakesNoSenseIsAnsweredSo(
      Operation operation, long cost, @Nullable Long chargedAtMillis, String message) {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      Decision decision =
          ask(
              weir,
              event(
                  "x",
                  BOTH,
                  cost,
                  operation,
                  chargedAtMillis == null ? null : Instant.ofEpochMilli(chargedAtMillis)));
      assertThat(decision.getReason()).isEqualTo(Reason.INVALID_REQUEST);
      assertThat(decision.getMessage()).isEqualTo(message);
      assertThat(weir.driver().deadLetters()).hasSize(1);
    }
  }

  private static Decision ask(WeirTestKit weir, RequestEvent event) {
    weir.driver().request(event, START);
    List<TestRecord<String, Decision>> decisions = weir.driver().decisions();
    assertThat(decisions).hasSize(1);
    return decisions.get(0).value();
  }

  private static RequestEvent event(
      String id,
      Map<String, String> attributes,
      long cost,
      Operation operation,
      @Nullable Instant chargedAt) {
    return new RequestEvent(id, "api", attributes, cost, operation, chargedAt);
  }
}
