package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Decision;
import io.weir.schemas.LimitMode;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Reason;
import io.weir.schemas.Verdict;
import java.time.Instant;
import java.util.Arrays;
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
