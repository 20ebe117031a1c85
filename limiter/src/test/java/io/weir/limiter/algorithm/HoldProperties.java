package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/**
 * Holds and their releases, compared with a replay of the same history in which the released
 * requests never came: what was admitted, less what was released, is what must be left.
 */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class HoldProperties {
  private static final HoldBounds FOR_EVER = new HoldBounds(Long.MAX_VALUE, Integer.MAX_VALUE);

  /** What happens around one request: whether it holds, and which open hold goes before it. */
  record Choice(boolean holds, int release) {}

  /** A request that was admitted. */
  private record Admission(long nowMillis, long cost, HoldId id) {}

  @Property
  void aReleaseLeavesWhatThereWouldBeWithoutTheHold(
      @ForAll History history, @ForAll("choices") List<Choice> choices) {
    if (history.kind() == Kind.LEAKY_BUCKET) {
      return; // It gives back the tail only: see below.
    }
    play(
        history,
        choices,
        (row, admissions, released, nowMillis) -> {
          Row without = without(history, admissions, released);
          assertThat(row.usage(history.limit(), nowMillis))
              .isEqualTo(without.usage(history.limit(), nowMillis));
          assertThat(row.usage(history.limit(), nowMillis + history.limit().periodMillis() / 2))
              .isEqualTo(
                  without.usage(history.limit(), nowMillis + history.limit().periodMillis() / 2));
        });
  }

  @Property
  void aReleaseNeverLeavesMoreThanThereWouldBeWithoutTheHold(
      @ForAll History history, @ForAll("choices") List<Choice> choices) {
    play(
        history,
        choices,
        (row, admissions, released, nowMillis) -> {
          Row without = without(history, admissions, released);
          assertThat(row.usage(history.limit(), nowMillis).remaining())
              .isLessThanOrEqualTo(without.usage(history.limit(), nowMillis).remaining());
        });
  }

  @Property
  void aHoldThatIsReleasedAtOnceLeavesEveryAlgorithmAsItWas(
      @ForAll History history, @ForAll("choices") List<Choice> choices) {
    Row held = Row.absent();
    Row spared = Row.absent();
    int[] step = {0};
    history.play(
        (nowMillis, cost) -> {
          Choice choice = choices.get(step[0]++ % choices.size());
          HoldId id = new HoldId(0, step[0]);
          assertThat(held.usage(history.limit(), nowMillis))
              .isEqualTo(spared.usage(history.limit(), nowMillis));
          if (choice.holds()) {
            held.hold(history.limit(), nowMillis, cost, id, FOR_EVER);
            held.release(id);
            assertThat(held.usage(history.limit(), nowMillis))
                .isEqualTo(spared.usage(history.limit(), nowMillis));
          } else {
            held.check(history.limit(), nowMillis, cost);
            spared.check(history.limit(), nowMillis, cost);
          }
        });
  }

  @Property
  void aReleaseTwiceIsARelease(@ForAll History history, @ForAll("choices") List<Choice> choices) {
    play(
        history,
        choices,
        (row, admissions, released, nowMillis) -> {
          var before = row.stored();
          released.forEach(row::release);
          assertThat(row.stored()).isEqualTo(before);
        });
  }

  /** The row after the same admissions but those that were released. */
  private static Row without(History history, List<Admission> admissions, Set<HoldId> released) {
    Row row = Row.absent();
    for (Admission admission : admissions) {
      if (!released.contains(admission.id())) {
        assertThat(row.check(history.limit(), admission.nowMillis(), admission.cost()).admitted())
            .as("what was admitted beside the holds fits without them")
            .isTrue();
      }
    }
    return row;
  }

  private interface Look {
    void at(Row row, List<Admission> admissions, Set<HoldId> released, long nowMillis);
  }

  private static void play(History history, List<Choice> choices, Look look) {
    Row row = Row.absent();
    List<Admission> admissions = new ArrayList<>();
    List<HoldId> open = new ArrayList<>();
    Set<HoldId> released = new HashSet<>();
    int[] step = {0};
    history.play(
        (nowMillis, cost) -> {
          Choice choice = choices.get(step[0]++ % choices.size());
          if (choice.release() < open.size()) {
            HoldId id = open.remove(choice.release());
            row.release(id);
            released.add(id);
          }
          HoldId id = new HoldId(choice.holds() ? 1 : 0, step[0]);
          boolean admitted =
              choice.holds()
                  ? row.hold(history.limit(), nowMillis, cost, id, FOR_EVER).admitted()
                  : row.check(history.limit(), nowMillis, cost).admitted();
          if (admitted) {
            admissions.add(new Admission(nowMillis, cost, id));
            if (choice.holds()) {
              open.add(id);
            }
          }
          look.at(row, admissions, released, nowMillis);
        });
  }

  @Provide
  Arbitrary<List<Choice>> choices() {
    Arbitrary<Integer> release =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(Integer.MAX_VALUE)),
            Tuple.of(3, Arbitraries.integers().between(0, 3)));
    return Combinators.combine(Arbitraries.of(true, true, false), release)
        .as(Choice::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }
}
