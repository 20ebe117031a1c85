package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Happenings.Choice;
import io.weir.limiter.algorithm.Happenings.Word;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/**
 * Holds and their releases, refunds between them, compared with a replay of the same history in
 * which the released requests never came: what was admitted, less what was released, is what must
 * be left.
 */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class HoldProperties {
  private static final HoldBounds FOR_EVER = new HoldBounds(Long.MAX_VALUE, Integer.MAX_VALUE);

  @Property
  void aReleaseLeavesWhatThereWouldBeWithoutTheHold(
      @ForAll History history, @ForAll("withTrueRefunds") List<Choice> choices) {
    if (history.kind() == Kind.LEAKY_BUCKET) {
      return; // It gives back the tail only: see below.
    }
    Happenings.play(
        history,
        choices,
        (happenings, nowMillis) -> {
          Row row = happenings.row;
          Row without = happenings.withoutReleased();
          assertThat(row.usage(history.limit(), nowMillis))
              .isEqualTo(without.usage(history.limit(), nowMillis));
          assertThat(row.usage(history.limit(), nowMillis + history.limit().periodMillis() / 2))
              .isEqualTo(
                  without.usage(history.limit(), nowMillis + history.limit().periodMillis() / 2));
        });
  }

  /** Of a token bucket that holds whatever is said to have come back between hold and release. */
  @Property
  void aReleaseOfATokenBucketLeavesThatWhateverIsRefunded(
      @ForAll("tokenBuckets") History history, @ForAll("withAnyRefunds") List<Choice> choices) {
    Happenings.play(
        history,
        choices,
        (happenings, nowMillis) ->
            assertThat(happenings.row.usage(history.limit(), nowMillis))
                .isEqualTo(happenings.withoutReleased().usage(history.limit(), nowMillis)));
  }

  @Property
  void aReleaseNeverLeavesMoreThanThereWouldBeWithoutTheHold(
      @ForAll History history, @ForAll("withTrueRefunds") List<Choice> choices) {
    Happenings.play(
        history,
        choices,
        (happenings, nowMillis) ->
            assertThat(happenings.row.usage(history.limit(), nowMillis).remaining())
                .isLessThanOrEqualTo(
                    happenings.withoutReleased().usage(history.limit(), nowMillis).remaining()));
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
  void aReleaseTwiceIsARelease(
      @ForAll History history, @ForAll("withAnyRefunds") List<Choice> choices) {
    Happenings.play(
        history,
        choices,
        (happenings, nowMillis) -> {
          var before = happenings.row.stored();
          happenings.released.forEach(happenings.row::release);
          assertThat(happenings.row.stored()).isEqualTo(before);
        });
  }

  @Provide
  Arbitrary<List<Choice>> choices() {
    return Happenings.choices();
  }

  @Provide
  Arbitrary<List<Choice>> withTrueRefunds() {
    return Happenings.choices(Word.ALL, Word.HALF);
  }

  @Provide
  Arbitrary<List<Choice>> withAnyRefunds() {
    return Happenings.choices(Word.values());
  }

  @Provide
  Arbitrary<History> tokenBuckets() {
    return Histories.historyOf(Kind.TOKEN_BUCKET);
  }
}
