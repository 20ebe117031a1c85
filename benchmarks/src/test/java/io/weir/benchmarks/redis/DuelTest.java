package io.weir.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.cli.CommandFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuelTest {
  private static final Duel DUEL =
      RedisReports.duel(1, List.of(300, 100, 400), List.of(100, 50, 400), List.of(600, 400, 500));

  @Test
  void ratioIsTheMedianOfThoseOfTheRoundsAndNotThatOfTheMedians() {
    assertThat(DUEL.ratios(Competitor.BUCKET4J)).containsExactly(3.0, 2.0, 1.0);
    assertThat(DUEL.ratio(Competitor.BUCKET4J)).isEqualTo(2);
    assertThat(DUEL.ratios(Competitor.FLOOR)).containsExactly(0.5, 0.25, 0.8);
    assertThat(DUEL.ratio(Competitor.FLOOR)).isEqualTo(0.5);
  }

  @Test
  void rateIsTheMedianOfTheRounds() {
    assertThat(DUEL.perSecond(Competitor.WEIR)).isEqualTo(300);
    assertThat(DUEL.perSecond(Competitor.BUCKET4J)).isEqualTo(100);
  }

  @Test
  void deniedIsAPartOfWhatWasAnswered() {
    assertThat(DUEL.deniedShare(Competitor.WEIR)).isEqualTo(0.1);
  }

  @Test
  void whatIsDecidedWithoutRedisIsNoCheckASecond() {
    LoopResult run = new LoopResult(100, 0, 900, 500_000_000, 1, 1);

    assertThat(run.perSecond()).isEqualTo(200);
  }

  @Test
  void aRunWithoutAnAnswerSaysNothing() {
    LoopResult run = new LoopResult(0, 0, 900, 500_000_000, 1, 1);

    assertThatThrownBy(run::requireAnswers)
        .isInstanceOf(CommandFailure.class)
        .hasMessage("Redis answered no check of a run");
  }
}
