package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.tck.ExactLimit;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.domains.Domain;

/** A limit whose numbers change keeps what was used. */
@Domain(Histories.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class CarryOverProperties {

  @Property
  void theSameNumbersCarryOverToTheSameDecisions(@ForAll Histories.Change change) {
    History before = change.before();
    Row plain = before.row();
    if (plain.stored().isEmpty()) {
      return;
    }
    new History(before.kind(), before.limit(), before.endMillis(), change.after().requests())
        .play(
            (nowMillis, cost) -> {
              Row carried = carriedOver(plain, before.limit(), nowMillis);
              assertThat(carried.usage(before.limit(), nowMillis))
                  .isEqualTo(plain.usage(before.limit(), nowMillis));
              assertThat(carried.check(before.limit(), nowMillis, cost))
                  .isEqualTo(plain.check(before.limit(), nowMillis, cost));
            });
  }

  @Property
  void itMakesNoDifferenceWhetherAnIdleRowWasAlreadyForgotten(@ForAll Histories.Change change) {
    Row present = change.before().row();
    Row absent = Row.absent();
    Limit to = change.after().limit();
    long idleFromMillis = present.idleFromMillis();
    if (idleFromMillis <= LimitState.MAX_TIME_MILLIS / 2) {
      change
          .after()
          .startingAt(idleFromMillis)
          .play(
              (nowMillis, cost) -> {
                assertThat(present.usage(to, nowMillis)).isEqualTo(absent.usage(to, nowMillis));
                assertThat(present.check(to, nowMillis, cost))
                    .isEqualTo(absent.check(to, nowMillis, cost));
              });
    }
  }

  @Property
  void whatWasUsedStaysUsedInAbsoluteNumbers(@ForAll Histories.Change change) {
    History before = change.before();
    Row row = before.row();
    Limit to = change.after().limit();
    if (row.stored().isEmpty() || to.periodMillis() < before.limit().periodMillis()) {
      return;
    }
    long nowMillis = row.lastMillis();
    long used = before.most() - row.usage(before.limit(), nowMillis).remaining();
    assertThat(row.usage(to, nowMillis).remaining())
        .isEqualTo(Math.max(0, change.after().most() - used));
  }

  @Property
  void theWaitReportedAfterAChangeIsEnough(@ForAll Histories.Change change) {
    Row row = change.before().row();
    Limit to = change.after().limit();
    List<History.Request> requests = change.after().requests();
    new History(change.after().kind(), to, change.before().endMillis(), requests)
        .play(
            (nowMillis, cost) -> {
              Row.Answer answer = row.ask(to, nowMillis, cost);
              assertThat(answer.neverFits()).isEqualTo(cost > change.after().most());
              answer
                  .readyAtMillis()
                  .ifPresent(
                      readyAtMillis -> {
                        assertThat(readyAtMillis).isGreaterThan(nowMillis);
                        if (readyAtMillis <= LimitState.MAX_TIME_MILLIS) {
                          assertThat(row.admits(to, readyAtMillis, cost)).isTrue();
                        }
                      });
            });
  }

  @Property
  void whatRemainsAfterAChangeCanReallyBeTaken(@ForAll Histories.Change change) {
    Row row = change.before().row();
    Limit to = change.after().limit();
    long nowMillis = change.before().endMillis();
    long remaining = row.usage(to, nowMillis).remaining();
    assertThat(remaining).isBetween(0L, change.after().most());
    if (remaining > 0) {
      assertThat(row.admits(to, nowMillis, remaining)).isTrue();
    }
    if (remaining < Long.MAX_VALUE) {
      assertThat(row.admits(to, nowMillis, remaining + 1)).isFalse();
    }
  }

  @Property
  void aChangeNeverGivesMoreThanTheNewLimitGivesToOneNeverSeen(@ForAll Histories.Change change) {
    Row row = change.before().row();
    Limit to = change.after().limit();
    ExactLimit neverSeen = change.after().kind().oracle(to);
    new History(change.after().kind(), to, change.before().endMillis(), change.after().requests())
        .play(
            (nowMillis, cost) -> {
              if (row.check(to, nowMillis, cost).admitted()) {
                assertThat(neverSeen.fits(nowMillis, cost)).isTrue();
                neverSeen.take(nowMillis, cost);
              }
            });
  }

  private static Row carriedOver(Row row, Limit to, long nowMillis) {
    return Row.of(carriedOver(to.algorithm(), row.stored().orElseThrow(), to, nowMillis));
  }

  private static <S extends LimitState> StoredLimit carriedOver(
      Algorithm<S> algorithm, StoredLimit stored, Limit to, long nowMillis) {
    S state = algorithm.stateType().cast(stored.state());
    return new StoredLimit(to, algorithm.carryOver(stored.limit(), state, to, nowMillis));
  }
}
