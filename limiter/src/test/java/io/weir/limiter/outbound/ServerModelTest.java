package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RateLimitAnswer;
import io.weir.limiter.http.ToldLimit;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Times are in milliseconds from 0. */
class ServerModelTest {
  private static final OptionalLong NONE = OptionalLong.empty();
  private static final Limit INITIAL = Limit.tokenBucket(10, Duration.ofSeconds(1));

  private final ServerModel unknown = model(new AdaptiveSettings());

  private static ServerModel model(AdaptiveSettings settings) {
    return ServerModel.unknown(settings.rules(INITIAL));
  }

  private static RateLimitAnswer answer(int status, ToldLimit... limits) {
    return new RateLimitAnswer(status, List.of(limits), NONE);
  }

  private static ToldLimit told(
      String name, long quota, OptionalLong remaining, OptionalLong resetMillis) {
    return new ToldLimit(
        name, OptionalLong.of(quota), OptionalLong.of(60_000), NONE, remaining, resetMillis);
  }

  @Test
  void refusalsThatComeTogetherDoubleThePauseOnce() {
    ServerModel model = unknown;
    for (int i = 0; i < 3; i++) {
      model = model.after(answer(429), 0, 0);
    }
    assertThat(model.pausedUntilMillis()).isEqualTo(1_000);
    assertThat(model.slowPermille()).isEqualTo(500);

    model = model.after(answer(429), 1_000, 0);
    assertThat(model.pausedUntilMillis()).isEqualTo(3_000);
    assertThat(model.slowPermille()).isEqualTo(250);
  }

  @Test
  void manyRefusalsLeaveSomeRateAndAPauseThatIsBelieved() {
    ServerModel model = unknown;
    for (int i = 0; i < 100; i++) {
      model = model.after(answer(429), model.pausedUntilMillis(), 0);
    }

    assertThat(model.slowPermille()).isEqualTo(1);
    assertThat(model.advice(0).limit().requests()).isPositive();
    long before = model.pausedUntilMillis();
    assertThat(model.after(answer(429), before, 0).pausedUntilMillis() - before)
        .isEqualTo(Duration.ofDays(1).toMillis());
  }

  @Test
  void aRefusalInAPauseThatWasNotForOneCounts() {
    ServerModel usedUp =
        unknown.after(
            answer(200, told("p", 100, OptionalLong.of(0), OptionalLong.of(60_000))), 0, 0);
    ServerModel refused = usedUp.after(answer(429), 10, 0);

    assertThat(usedUp.refusals()).isZero();
    assertThat(refused.refusals()).isEqualTo(1);
    assertThat(refused.pausedUntilMillis()).isEqualTo(60_000);
  }

  @Test
  void aRefusalThatTellsWhenSomethingIsLeftAgainNeedsNoPauseOfItsOwn() {
    ServerModel patient = model(new AdaptiveSettings().firstPause(Duration.ofSeconds(4)));
    ServerModel refused =
        patient.after(
            answer(429, told("p", 100, OptionalLong.of(0), OptionalLong.of(2_000))), 0, 0);

    assertThat(refused.pausedUntilMillis()).isEqualTo(2_000);
  }

  @Test
  void whereTheRateIsToldARefusalDoesNotSlowTheInitialOne() {
    ServerModel refused =
        unknown.after(answer(200, told("p", 100, NONE, NONE)), 0, 0).after(answer(429), 10, 0);

    assertThat(refused.slowPermille()).isEqualTo(1_000);
  }

  @Test
  void theRateComesBackByATenthInTenSecondsHoweverManyAnswersCome() {
    ServerModel slow = unknown.after(answer(429), 100_000, 0);
    assertThat(slow.slowPermille()).isEqualTo(500);

    ServerModel early = slow.after(answer(200), 109_999, 0);
    assertThat(early.slowPermille()).isEqualTo(500);
    ServerModel first = early.after(answer(200), 110_000, 0);
    assertThat(first.slowPermille()).isEqualTo(600);
    ServerModel again = first.after(answer(200), 110_001, 0);
    assertThat(again.slowPermille()).isEqualTo(600);
    assertThat(again.after(answer(200), 120_000, 0).slowPermille()).isEqualTo(700);
  }

  @Test
  void ofSeveralLimitsTheFirstResetIsWhenToAskAgainAndTheLeastIsLeft() {
    ToldLimit later = told("a", 100, OptionalLong.of(40), OptionalLong.of(30_000));
    ToldLimit sooner = told("b", 200, OptionalLong.of(20), OptionalLong.of(20_000));
    ToldLimit silent = told("c", 1_000, NONE, NONE);

    for (RateLimitAnswer answer :
        List.of(answer(200, later, silent, sooner), answer(200, silent, sooner, later))) {
      ServerModel.Advice advice = unknown.after(answer, 0, 0).advice(0);
      assertThat(advice.changesAtMillis()).hasValue(20_000);
      assertThat(advice.tokensAtMost()).hasValue(2);
    }
  }
}
