package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlgorithmsTest {

  @Test
  void standardOnesAreFoundByName() {
    Algorithms algorithms = Algorithms.standard();
    assertThat(algorithms.names())
        .containsExactly(
            "fixed_window",
            "token_bucket",
            "leaky_bucket",
            "sliding_window_log",
            "sliding_window_counter");
    for (String name : algorithms.names()) {
      assertThat(algorithms.find(name).orElseThrow().name()).isEqualTo(name);
    }
    assertThat(algorithms.find("countdown")).isEmpty();
  }

  @Test
  void onlyBucketsHaveABurst() {
    assertThat(Algorithms.standard().names())
        .filteredOn(name -> Algorithms.standard().find(name).orElseThrow().supportsBurst())
        .containsExactly("token_bucket", "leaky_bucket");
  }

  @Test
  void whoWasNeverSeenIsIdleSinceTheEpoch() {
    for (Kind kind : Kind.values()) {
      Limit limit = kind.limit(5, 1_000, 5);
      assertThat(initial(limit.algorithm(), limit).idleFromMillis()).isZero();
    }
  }

  private static <S extends LimitState> StoredLimit initial(Algorithm<S> algorithm, Limit limit) {
    return new StoredLimit(limit, algorithm.initial());
  }

  @Test
  void logsCanBeGivenMoreEntries() {
    Algorithm<?> log = Algorithms.standard(20_000).find("sliding_window_log").orElseThrow();
    assertThat(Limit.of(log, 20_000, Duration.ofHours(1)).requests()).isEqualTo(20_000);
    assertThatThrownBy(() -> Limit.of(log, 20_001, Duration.ofHours(1)))
        .hasMessageContaining("the requests must be at most 20000");
  }

  @Test
  void oneOfTheUsersOwnIsAddedAndJudges() {
    Algorithms algorithms = Algorithms.standard().with(new CountdownAlgorithm());
    assertThat(algorithms.names()).hasSize(6).endsWith("countdown");
    Algorithm<?> countdown = algorithms.find("countdown").orElseThrow();
    Limit limit = Limit.of(countdown, 2, Duration.ofSeconds(1));
    Row row = Row.absent();
    assertThat(row.check(limit, 1, 2).admitted()).isTrue();
    assertThat(row.check(limit, 2, 1).neverFits()).isTrue();
    assertThat(Algorithms.standard().find("countdown")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Countdown", "count down", "1countdown", "count-down", "_x"})
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> Algorithms.standard().with(new CountdownAlgorithm(name)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'" + name + "' is no algorithm name: use lower-case letters, digits and underscores");
  }

  @Test
  void namesThatAreTakenOrTooLongAreRefused() {
    Algorithms algorithms = Algorithms.standard();
    assertThatThrownBy(() -> algorithms.with(new CountdownAlgorithm("fixed_window")))
        .hasMessage("there is an algorithm 'fixed_window' already");
    assertThatThrownBy(
            () -> algorithms.with(new CountdownAlgorithm()).with(new CountdownAlgorithm()))
        .hasMessage("there is an algorithm 'countdown' already");
    assertThat(algorithms.with(new CountdownAlgorithm("a".repeat(64))).names()).hasSize(6);
    assertThatThrownBy(() -> algorithms.with(new CountdownAlgorithm("a".repeat(65))))
        .hasMessageContaining("is no algorithm name");
  }
}
