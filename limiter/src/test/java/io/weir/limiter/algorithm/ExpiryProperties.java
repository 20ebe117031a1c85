package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** Forgetting an idle row changes no decision, and a row that is not idle still matters. */
@Domain(Histories.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class ExpiryProperties {

  @Property
  void fromIdleOnPresentAndAbsentDecideAlike(@ForAll Histories.Change change) {
    History history = change.before();
    Row present = history.row();
    Row absent = Row.absent();
    long idleFromMillis = present.idleFromMillis();
    assertThat(idleFromMillis).isGreaterThanOrEqualTo(present.lastMillis());
    if (idleFromMillis <= LimitState.MAX_TIME_MILLIS / 2) {
      List<History.Request> later = change.after().requests();
      new History(history.kind(), history.limit(), idleFromMillis, later)
          .play(
              (nowMillis, cost) -> {
                assertThat(present.usage(history.limit(), nowMillis))
                    .isEqualTo(absent.usage(history.limit(), nowMillis));
                assertThat(present.check(history.limit(), nowMillis, cost))
                    .isEqualTo(absent.check(history.limit(), nowMillis, cost));
              });
    }
  }

  @Property
  void beforeIdleTheRowStillDenies(@ForAll History history) {
    Row row = history.row();
    long beforeMillis = row.idleFromMillis() - 1;
    if (beforeMillis >= row.lastMillis() && beforeMillis <= LimitState.MAX_TIME_MILLIS) {
      assertThat(row.admits(history.limit(), beforeMillis, history.most())).isFalse();
      assertThat(Row.absent().admits(history.limit(), beforeMillis, history.most())).isTrue();
    }
  }

  /** Late and future timestamps as the design judges them, with and without expiry. */
  @Property
  void expiryIsInvisible(
      @ForAll History history,
      @ForAll("disorder") List<Disorder> disorder,
      @ForAll("latenessPercent") int latenessPercent) {
    long latenessMillis = history.limit().periodMillis() / 100 * latenessPercent;
    Row kept = Row.absent();
    Row expiring = Row.absent();
    long streamMillis = 0;
    long inOrderMillis = history.startMillis();
    int i = 0;
    for (History.Request request : history.requests()) {
      Disorder next = disorder.get(i++ % disorder.size());
      inOrderMillis += request.gapMillis();
      long late = history.limit().periodMillis() / 100 * next.latePercent();
      long timestampMillis = Math.max(0, inOrderMillis - late);
      streamMillis = Math.max(streamMillis, timestampMillis);
      long floorMillis = Math.max(0, streamMillis - latenessMillis);
      if (next.tick() && expiring.idleFromMillis() <= floorMillis) {
        expiring.forget();
      }
      long asked = Math.max(timestampMillis, floorMillis);
      assertThat(
              expiring.check(
                  history.limit(), Math.max(asked, expiring.lastMillis()), request.cost()))
          .isEqualTo(
              kept.check(history.limit(), Math.max(asked, kept.lastMillis()), request.cost()));
    }
  }

  @Provide
  Arbitrary<Integer> latenessPercent() {
    return Arbitraries.integers().between(0, 100);
  }

  record Disorder(int latePercent, boolean tick) {}

  @Provide
  Arbitrary<List<Disorder>> disorder() {
    return Combinators.combine(Arbitraries.integers().between(0, 150), Arbitraries.of(true, false))
        .as(Disorder::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(25);
  }
}
