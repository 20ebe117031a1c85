package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Decision;
import io.weir.schemas.LimitMode;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.Verdict;
import io.weir.streams.testkit.WeirDriver;
import io.weir.streams.testkit.WeirTestKit;
import io.weir.streams.topology.StaleRequests;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecisionFilterTest {

  @Test
  void everyIdentifierWhoseLimitsHadASayIsFound() {
    Decision decision = decision("api/user_id=42|#", "api/ip=x|endpoint=y#");

    assertThat(ofIdentifier("api/user_id=42").test(decision)).isTrue();
    assertThat(ofIdentifier("api/ip=x").test(decision)).isTrue();
    assertThat(ofIdentifier("api/user_id=4").test(decision)).isFalse();
    assertThat(ofIdentifier("api/endpoint=y").test(decision)).isFalse();
  }

  @Test
  void theIdentifierOfADecisionWithoutStatusesIsFound() {
    assertThat(ofIdentifier("api/user_id=42").test(decision())).isTrue();
    assertThat(ofIdentifier("api/ip=x").test(decision())).isFalse();
  }

  @Test
  void ofSeveralIdentifiersTheAnswerToAnExpiredRequestTellsOfTheFirst() {
    String rules =
        """
        domain: api
        descriptors:
          - {key: user_id, rate_limit: {unit: day, requests_per_unit: 1}}
          - {key: ip, rate_limit: {unit: day, requests_per_unit: 1}}
        """;
    StaleRequests stale = new StaleRequests(Duration.ofMinutes(1), io.weir.limiter.Verdict.DENY);
    try (WeirTestKit weir =
        WeirTestKit.with(setup -> setup.settings(settings -> settings.with(stale))).given(rules)) {
      weir.driver().wallClock(WeirDriver.START.plusSeconds(61));
      weir.driver()
          .request(
              new RequestEvent(
                  "r-1", "api", Map.of("user_id", "42", "ip", "x"), 1L, Operation.CHECK, null),
              WeirDriver.START);
      Decision decision = weir.driver().decisions().get(0).value();

      assertThat(decision.getReason()).isEqualTo(Reason.EXPIRED);
      assertThat(ofIdentifier("api/user_id=42").test(decision)).isTrue();
      assertThat(ofIdentifier("api/ip=x").test(decision)).isFalse();
    }
  }

  @Test
  void ofSeveralIdentifiersATimeoutTellsOfThoseThatAnswered() {
    Decision decision =
        Decision.newBuilder(decision("api/user_id=42|#"))
            .setVerdict(Verdict.DENY)
            .setReason(Reason.TIMEOUT)
            .build();

    assertThat(ofIdentifier("api/user_id=42").test(decision)).isTrue();
    assertThat(ofIdentifier("api/ip=x").test(decision)).isFalse();
  }

  @Test
  void whatIsGivenMustAllBeTrue() {
    Decision decision = decision("api/user_id=42|#");
    Optional<String> user = Optional.of("api/user_id=42");

    assertThat(new DecisionFilter(Optional.empty(), Optional.empty()).test(decision)).isTrue();
    assertThat(new DecisionFilter(user, Optional.of("r-1")).test(decision)).isTrue();
    assertThat(new DecisionFilter(user, Optional.of("r-2")).test(decision)).isFalse();
    assertThat(new DecisionFilter(Optional.empty(), Optional.of("r-2")).test(decision)).isFalse();
  }

  private static DecisionFilter ofIdentifier(String identifier) {
    return new DecisionFilter(Optional.of(identifier), Optional.empty());
  }

  private static Decision decision(String... stateKeys) {
    return Decision.newBuilder()
        .setRequestId("r-1")
        .setDomain("api")
        .setIdentifier("api/user_id=42")
        .setVerdict(Verdict.ALLOW)
        .setReason(Reason.WITHIN_LIMIT)
        .setStatuses(Arrays.stream(stateKeys).map(DecisionFilterTest::status).toList())
        .setEventTime(Instant.EPOCH)
        .setEvaluationTime(Instant.EPOCH)
        .build();
  }

  private static LimitStatus status(String stateKey) {
    return LimitStatus.newBuilder()
        .setRule("rule")
        .setStateKey(stateKey)
        .setAlgorithm("token_bucket")
        .setMode(LimitMode.ENFORCED)
        .setVerdict(Verdict.ALLOW)
        .setLimit(5)
        .setPeriodMs(1_000)
        .setBurst(10)
        .setRemaining(5)
        .setResetAt(Instant.EPOCH)
        .build();
  }
}
