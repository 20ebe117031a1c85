package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.tck.ExactLimit;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.domains.Domain;

/** Each algorithm against its oracle, over random histories. */
@Domain(Histories.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class DecisionProperties {

  @Property
  void decidesAsTheExactOracleDoes(@ForAll History history) {
    Row row = Row.absent();
    ExactLimit oracle = history.kind().oracle(history.limit());
    history.play(
        (nowMillis, cost) -> {
          boolean fits = oracle.fits(nowMillis, cost);
          long delayMillis = oracle.delayMillis(nowMillis);
          Row.Answer answer = row.check(history.limit(), nowMillis, cost);
          assertThat(answer.admitted()).isEqualTo(fits);
          assertThat(answer.neverFits()).isEqualTo(cost > history.most());
          if (fits) {
            assertThat(answer.delayMillis()).hasValue(delayMillis);
            assertThat(row.lastMillis()).isEqualTo(nowMillis);
            oracle.take(nowMillis, cost);
          }
        });
  }

  @Property
  void waitingExactlySoLongSucceedsAndOneMillisecondLessDoesNot(@ForAll History history) {
    Row row = Row.absent();
    ExactLimit oracle = history.kind().oracle(history.limit());
    history.play(
        (nowMillis, cost) -> {
          Row.Answer answer = row.check(history.limit(), nowMillis, cost);
          if (answer.admitted()) {
            oracle.take(nowMillis, cost);
          } else if (answer.denied()) {
            long readyAtMillis = answer.readyAtMillis().getAsLong();
            assertThat(readyAtMillis).isGreaterThan(nowMillis);
            assertThat(oracle.fits(readyAtMillis, cost)).isTrue();
            assertThat(oracle.fits(readyAtMillis - 1, cost)).isFalse();
            assertAdmittedFrom(readyAtMillis, row, history.limit(), cost);
          }
        });
  }

  @Property
  void remainingIsWhatCanReallyBeTaken(@ForAll History history) {
    Row row = Row.absent();
    ExactLimit oracle = history.kind().oracle(history.limit());
    history.play(
        (nowMillis, cost) -> {
          long remaining = row.usage(history.limit(), nowMillis).remaining();
          assertThat(remaining).isBetween(0L, history.most());
          if (remaining > 0) {
            assertThat(oracle.fits(nowMillis, remaining)).isTrue();
            assertThat(row.admits(history.limit(), nowMillis, remaining)).isTrue();
          }
          if (remaining < Long.MAX_VALUE) {
            assertThat(oracle.fits(nowMillis, remaining + 1)).isFalse();
            assertThat(row.admits(history.limit(), nowMillis, remaining + 1)).isFalse();
          }
          if (row.check(history.limit(), nowMillis, cost).admitted()) {
            oracle.take(nowMillis, cost);
          }
        });
  }

  @Property
  void resetIsTheFirstMillisecondAtWhichTheLimitIsFullAgain(@ForAll History history) {
    Row row = Row.absent();
    ExactLimit oracle = history.kind().oracle(history.limit());
    history.play(
        (nowMillis, cost) -> {
          if (row.check(history.limit(), nowMillis, cost).admitted()) {
            oracle.take(nowMillis, cost);
          }
          long resetAtMillis = row.usage(history.limit(), nowMillis).resetAtMillis();
          assertThat(resetAtMillis).isGreaterThanOrEqualTo(nowMillis);
          if (history.most() > 0) {
            assertThat(oracle.fits(resetAtMillis, history.most())).isTrue();
            assertThat(row.usage(history.limit(), resetAtMillis))
                .isEqualTo(new Usage(history.most(), resetAtMillis));
          }
          if (resetAtMillis > nowMillis) {
            assertThat(oracle.fits(resetAtMillis - 1, history.most())).isFalse();
          }
        });
  }

  @Property
  void deniedRequestConsumesNothing(@ForAll History history) {
    Row asked = Row.absent();
    Row spared = Row.absent();
    history.play(
        (nowMillis, cost) -> {
          if (asked.check(history.limit(), nowMillis, cost).admitted()) {
            spared.check(history.limit(), nowMillis, cost);
          }
          assertThat(asked.stored()).isEqualTo(spared.stored());
        });
  }

  @Property
  void requestsZeroAdmitNothingAndKnowNoTimeToRetry(@ForAll History history) {
    Limit closed = history.kind().limit(0, history.limit().periodMillis(), 7);
    Row row = Row.absent();
    history.play(
        (nowMillis, cost) -> {
          assertThat(row.check(closed, nowMillis, cost).neverFits()).isTrue();
          assertThat(row.usage(closed, nowMillis)).isEqualTo(new Usage(0, nowMillis));
        });
  }

  private static void assertAdmittedFrom(long readyAtMillis, Row row, Limit limit, long cost) {
    // The emptiest of extreme limits need longer than there is time.
    if (readyAtMillis <= LimitState.MAX_TIME_MILLIS) {
      assertThat(row.admits(limit, readyAtMillis, cost)).isTrue();
      assertThat(row.admits(limit, readyAtMillis - 1, cost)).isFalse();
    }
  }
}
