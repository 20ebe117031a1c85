package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Happenings.Admission;
import io.weir.limiter.algorithm.Happenings.Choice;
import io.weir.limiter.algorithm.Happenings.Event;
import io.weir.limiter.algorithm.Happenings.Refund;
import io.weir.limiter.algorithm.Happenings.Word;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/**
 * Refunds by true and by false words, among holds and releases: never more than the limit and what
 * was refunded, in the words of each algorithm's definition.
 */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class RefundProperties {

  @Property
  void inNoWindowIsMoreAdmittedThanTheLimitAndWhatWasRefunded(
      @ForAll History history, @ForAll("withAnyRefunds") List<Choice> choices) {
    List<Happenings> last = new ArrayList<>();
    Happenings.play(history, choices, (happenings, nowMillis) -> last.add(happenings));
    Happenings happenings = last.get(0);
    switch (history.kind()) {
      case TOKEN_BUCKET, LEAKY_BUCKET -> assertBurstAndRateBound(happenings);
      case FIXED_WINDOW, SLIDING_WINDOW_COUNTER -> {
        for (Admission one : admissions(happenings)) {
          long window = one.nowMillis() / history.limit().periodMillis();
          assertBound(happenings, time -> time / history.limit().periodMillis() == window);
        }
      }
      case SLIDING_WINDOW_LOG -> {
        for (Admission one : admissions(happenings)) {
          long end = one.nowMillis() + history.limit().periodMillis();
          assertBound(happenings, time -> time >= one.nowMillis() && time < end);
        }
      }
    }
  }

  @Property
  void aRefundChangesNeitherTimeNorLimitNorGivesMoreThanAll(
      @ForAll History history, @ForAll("withAnyRefunds") List<Choice> choices) {
    Happenings.play(
        history,
        choices,
        (happenings, nowMillis) -> {
          happenings
              .row
              .stored()
              .ifPresent(
                  row -> {
                    for (long takenAt : new long[] {0, nowMillis, Long.MAX_VALUE}) {
                      StoredLimit refunded = row.refunded(takenAt, Long.MAX_VALUE);
                      assertThat(refunded.limit()).isEqualTo(row.limit());
                      assertThat(refunded.state().lastMillis()).isEqualTo(row.state().lastMillis());
                      assertThat(refunded.idleFromMillis())
                          .isLessThanOrEqualTo(row.idleFromMillis());
                      assertThat(Row.of(refunded).usage(history.limit(), nowMillis).remaining())
                          .isBetween(
                              Row.of(row).usage(history.limit(), nowMillis).remaining(),
                              history.most());
                    }
                  });
          assertThat(happenings.row.lastMillis()).isLessThanOrEqualTo(nowMillis);
        });
  }

  @Property
  void whatIsRefundedAtOnceWasNeverTaken(@ForAll History history) {
    Row row = Row.absent();
    history.play(
        (nowMillis, cost) -> {
          Row other = row.stored().map(Row::of).orElseGet(Row::absent);
          if (other.check(history.limit(), nowMillis, cost).admitted()) {
            other.refund(nowMillis, cost);
          }
          long later = nowMillis + history.limit().periodMillis() / 2;
          assertThat(other.usage(history.limit(), nowMillis))
              .isEqualTo(row.usage(history.limit(), nowMillis));
          assertThat(other.usage(history.limit(), later))
              .isEqualTo(row.usage(history.limit(), later));
          row.check(history.limit(), nowMillis, cost);
        });
  }

  /** Buckets refill meanwhile, so there a refund that comes later may be worth more. */
  @Property
  void aWindowThatWasRefundedIsLikeOneInWhichLessWasTaken(
      @ForAll("windows") History history, @ForAll("withTrueRefunds") List<Choice> choices) {
    Happenings.play(
        history,
        choices,
        (happenings, nowMillis) -> {
          Row less = Row.absent();
          List<Admission> admissions = admissions(happenings);
          for (Admission admission : admissions) {
            long cost = admission.cost() - refunded(happenings, admissions, admission);
            if (cost > 0) {
              assertThat(less.check(history.limit(), admission.nowMillis(), cost).admitted())
                  .isTrue();
            }
          }
          assertThat(happenings.row.usage(history.limit(), nowMillis))
              .isEqualTo(less.usage(history.limit(), nowMillis));
        });
  }

  @Property
  void fromIdleOnPresentAndAbsentDecideAlikeAfterRefundsToo(
      @ForAll History history, @ForAll("withAnyRefunds") List<Choice> choices) {
    Happenings.play(
        history,
        choices,
        (happenings, nowMillis) -> {
          Row row = happenings.row;
          long idleFromMillis = row.idleFromMillis();
          assertThat(idleFromMillis).isGreaterThanOrEqualTo(row.lastMillis());
          if (idleFromMillis <= LimitState.MAX_TIME_MILLIS / 2) {
            assertThat(row.usage(history.limit(), idleFromMillis))
                .isEqualTo(Row.absent().usage(history.limit(), idleFromMillis));
          }
        });
  }

  /** What came back of the first admission of that time, of all that came back for it. */
  private static long refunded(
      Happenings happenings, List<Admission> admissions, Admission admission) {
    BigInteger left = BigInteger.ZERO;
    for (Event event : happenings.events) {
      if (event instanceof Refund refund && refund.takenAtMillis() == admission.nowMillis()) {
        left = left.add(BigInteger.valueOf(refund.cost()));
      }
    }
    for (Admission other : admissions) {
      if (other.nowMillis() == admission.nowMillis()) {
        BigInteger here = left.min(BigInteger.valueOf(other.cost()));
        if (other.equals(admission)) {
          return here.longValueExact();
        }
        left = left.subtract(here);
      }
    }
    return 0;
  }

  /** What was admitted for good. */
  private static List<Admission> admissions(Happenings happenings) {
    List<Admission> admissions = new ArrayList<>();
    for (Event event : happenings.events) {
      if (event instanceof Admission admission && !happenings.released.contains(admission.id())) {
        admissions.add(admission);
      }
    }
    return admissions;
  }

  /** Admissions of some times against the limit and the refunds of those times. */
  private static void assertBound(Happenings happenings, LongPredicate inWindow) {
    BigInteger sum = BigInteger.ZERO;
    for (Event event : happenings.events) {
      if (event instanceof Refund refund && inWindow.test(refund.takenAtMillis())) {
        sum = sum.subtract(BigInteger.valueOf(refund.cost()));
      }
    }
    for (Admission admission : admissions(happenings)) {
      if (inWindow.test(admission.nowMillis())) {
        sum = sum.add(BigInteger.valueOf(admission.cost()));
      }
    }
    assertThat(sum).isLessThanOrEqualTo(BigInteger.valueOf(happenings.limit.requests()));
  }

  /** Admissions of any span against the burst, the refill and the refunds that came in it. */
  private static void assertBurstAndRateBound(Happenings happenings) {
    BigInteger period = BigInteger.valueOf(happenings.limit.periodMillis());
    BigInteger requests = BigInteger.valueOf(happenings.limit.requests());
    BigInteger burst = BigInteger.valueOf(happenings.limit.burst());
    for (int from = 0; from < happenings.events.size(); from++) {
      if (!(happenings.events.get(from) instanceof Admission first)) {
        continue;
      }
      BigInteger sum = BigInteger.ZERO;
      for (Event event : happenings.events.subList(from, happenings.events.size())) {
        if (event instanceof Refund refund) {
          sum = sum.subtract(BigInteger.valueOf(refund.cost()));
        } else if (event instanceof Admission admission
            && !happenings.released.contains(admission.id())) {
          sum = sum.add(BigInteger.valueOf(admission.cost()));
          BigInteger span = BigInteger.valueOf(admission.nowMillis() - first.nowMillis());
          assertThat(sum.multiply(period))
              .isLessThanOrEqualTo(burst.multiply(period).add(requests.multiply(span)));
        }
      }
    }
  }

  @Provide
  Arbitrary<List<Choice>> withAnyRefunds() {
    return Happenings.choices(Word.values());
  }

  @Provide
  Arbitrary<List<Choice>> withTrueRefunds() {
    return Happenings.choices(Word.ALL, Word.HALF);
  }

  @Provide
  Arbitrary<History> windows() {
    return Arbitraries.of(Kind.FIXED_WINDOW, Kind.SLIDING_WINDOW_LOG, Kind.SLIDING_WINDOW_COUNTER)
        .flatMap(Histories::historyOf);
  }
}
