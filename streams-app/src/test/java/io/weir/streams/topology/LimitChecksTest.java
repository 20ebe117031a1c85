package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.schemas.LimitCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitChecksTest {
  private static final String IDENTIFIER = "api/user_id=42";

  private final LimitChecks checks = new LimitChecks(Algorithms.standard());

  @Test
  void checkIsTheSameAfterItsJourney() {
    List<ApplicableLimit> limits = new ArrayList<>();
    for (String name : Algorithms.standard().names()) {
      for (LimitMode mode : LimitMode.values()) {
        limits.add(limit(IDENTIFIER + "|endpoint=%2F#" + name + mode, name, mode));
      }
    }
    for (long cost : new long[] {0, 1, Long.MAX_VALUE}) {
      Optional<HoldRef> hold =
          cost % 2 == 0
              ? Optional.empty()
              : Optional.of(new HoldRef(3, cost, 1, 2, Optional.of("key")));
      RequestCheck check =
          new RequestCheck(
              "r-1", "api", KeyText.of(IDENTIFIER), limits, new CheckTask.Charge(cost), 77, hold);
      assertThat(checks.fromRecord(checks.toRecord(check))).isEqualTo(check);
    }
  }

  @Test
  void everyTaskIsTheSameAfterItsJourney() {
    for (CheckTask task :
        List.of(
            new CheckTask.Charge(0),
            new CheckTask.Refund(3, 1_234),
            new CheckTask.Refund(1, 0),
            new CheckTask.Reset())) {
      RequestCheck check =
          new RequestCheck(
              "r-1", "api", KeyText.of(IDENTIFIER), List.of(), task, 77, Optional.empty());
      assertThat(checks.fromRecord(checks.toRecord(check))).isEqualTo(check);
    }
  }

  @Test
  void aTaskThatThisInstanceDoesNotKnowIsAnError() {
    LimitCheck other =
        LimitCheck.newBuilder(
                checks.toRecord(
                    new RequestCheck(
                        "r-1",
                        "api",
                        KeyText.of(IDENTIFIER),
                        List.of(),
                        new CheckTask.Reset(),
                        0,
                        Optional.empty())))
            .setTask(io.weir.schemas.CheckTask.UNKNOWN)
            .build();
    assertThatThrownBy(() -> checks.fromRecord(other))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "request r-1 asks for a task that this instance does not know; a newer one wrote it");
  }

  @Test
  void recordHoldsTheIdentifierOnce() {
    LimitCheck check =
        checks.toRecord(
            new RequestCheck(
                "r-1",
                "api",
                KeyText.of(IDENTIFIER),
                List.of(limit(IDENTIFIER + "|#", "fixed_window", LimitMode.ENFORCED)),
                new CheckTask.Charge(1),
                0,
                Optional.empty()));
    assertThat(check.getLimits().get(0).getStateKey()).isEqualTo("|#");
  }

  @Test
  void algorithmThatThisInstanceDoesNotKnowIsAnError() {
    LimitCheck check =
        checks.toRecord(
            new RequestCheck(
                "r-1",
                "api",
                KeyText.of(IDENTIFIER),
                List.of(limit(IDENTIFIER + "|#", "fixed_window", LimitMode.ENFORCED)),
                new CheckTask.Charge(1),
                0,
                Optional.empty()));
    var limit = check.getLimits().get(0);
    LimitCheck other =
        LimitCheck.newBuilder(check)
            .setLimits(
                List.of(
                    io.weir.schemas.CheckedLimit.newBuilder(limit)
                        .setAlgorithm("of_tomorrow")
                        .build()))
            .build();
    assertThatThrownBy(() -> checks.fromRecord(other))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "request r-1 is to be judged by algorithm 'of_tomorrow', which this instance does not"
                + " know; it knows [");
  }

  private static ApplicableLimit limit(String stateKey, String algorithm, LimitMode mode) {
    Algorithm<?> found = Algorithms.standard().find(algorithm).orElseThrow();
    return new ApplicableLimit(
        KeyText.of(stateKey), "rule", Limit.of(found, 5, Duration.ofSeconds(1)), mode);
  }
}
