package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;

/** Never more than the limit, in the words of each algorithm's definition. */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class BoundProperties {
  private record Admission(long timeMillis, long cost, long delayMillis) {}

  @Property
  void tokenBucketAdmitsInNoSpanMoreThanTheBurstAndTheRefill(
      @ForAll("tokenBucket") History history) {
    assertBurstAndRateBound(history);
  }

  @Property
  void leakyBucketAdmitsInNoSpanMoreThanTheQueueAndTheOutflow(
      @ForAll("leakyBucket") History history) {
    assertBurstAndRateBound(history);
  }

  @Property
  void leakyBucketGivesTurnsNoCloserThanTheOutflow(@ForAll("leakyBucket") History history) {
    BigInteger period = BigInteger.valueOf(history.limit().periodMillis());
    BigInteger requests = BigInteger.valueOf(history.limit().requests());
    List<Admission> admissions = admissions(history);
    for (int i = 1; i < admissions.size(); i++) {
      Admission earlier = admissions.get(i - 1);
      BigInteger apart = turn(admissions.get(i)).subtract(turn(earlier));
      BigInteger due = BigInteger.valueOf(earlier.cost()).multiply(period);
      // Each turn is rounded up to a millisecond, so two may be up to one closer than is due.
      assertThat(apart.add(BigInteger.ONE).multiply(requests)).isGreaterThan(due);
    }
  }

  @Property
  void fixedWindowAdmitsNoMoreThanTheLimitInAnyAlignedWindow(
      @ForAll("fixedWindow") History history) {
    assertAlignedWindowBound(history);
  }

  @Property
  void slidingWindowCounterAdmitsNoMoreThanTheLimitInAnyAlignedWindow(
      @ForAll("slidingWindowCounter") History history) {
    assertAlignedWindowBound(history);
  }

  @Property
  void slidingWindowLogAdmitsNoMoreThanTheLimitInAnyWindow(
      @ForAll("slidingWindowLog") History history) {
    for (Admission first : admissions(history)) {
      BigInteger sum = BigInteger.ZERO;
      for (Admission other : admissions(history)) {
        long after = other.timeMillis() - first.timeMillis();
        if (after >= 0 && after < history.limit().periodMillis()) {
          sum = sum.add(BigInteger.valueOf(other.cost()));
        }
      }
      assertThat(sum).isLessThanOrEqualTo(BigInteger.valueOf(history.limit().requests()));
    }
  }

  private static void assertBurstAndRateBound(History history) {
    BigInteger period = BigInteger.valueOf(history.limit().periodMillis());
    BigInteger requests = BigInteger.valueOf(history.limit().requests());
    BigInteger burst = BigInteger.valueOf(history.limit().burst());
    List<Admission> admissions = admissions(history);
    for (int from = 0; from < admissions.size(); from++) {
      BigInteger sum = BigInteger.ZERO;
      for (int to = from; to < admissions.size(); to++) {
        sum = sum.add(BigInteger.valueOf(admissions.get(to).cost()));
        long span = admissions.get(to).timeMillis() - admissions.get(from).timeMillis();
        assertThat(sum.multiply(period))
            .isLessThanOrEqualTo(
                burst.multiply(period).add(requests.multiply(BigInteger.valueOf(span))));
      }
    }
  }

  private static void assertAlignedWindowBound(History history) {
    long period = history.limit().periodMillis();
    for (Admission one : admissions(history)) {
      BigInteger sum = BigInteger.ZERO;
      for (Admission other : admissions(history)) {
        if (one.timeMillis() / period == other.timeMillis() / period) {
          sum = sum.add(BigInteger.valueOf(other.cost()));
        }
      }
      assertThat(sum).isLessThanOrEqualTo(BigInteger.valueOf(history.limit().requests()));
    }
  }

  private static BigInteger turn(Admission admission) {
    return BigInteger.valueOf(admission.timeMillis())
        .add(BigInteger.valueOf(admission.delayMillis()));
  }

  private static List<Admission> admissions(History history) {
    List<Admission> admissions = new ArrayList<>();
    Row row = Row.absent();
    history.play(
        (nowMillis, cost) -> {
          Row.Answer answer = row.check(history.limit(), nowMillis, cost);
          answer
              .delayMillis()
              .ifPresent(delay -> admissions.add(new Admission(nowMillis, cost, delay)));
        });
    return admissions;
  }

  @Provide
  Arbitrary<History> tokenBucket() {
    return Histories.historyOf(Kind.TOKEN_BUCKET);
  }

  @Provide
  Arbitrary<History> leakyBucket() {
    return Histories.historyOf(Kind.LEAKY_BUCKET);
  }

  @Provide
  Arbitrary<History> fixedWindow() {
    return Histories.historyOf(Kind.FIXED_WINDOW);
  }

  @Provide
  Arbitrary<History> slidingWindowLog() {
    return Histories.historyOf(Kind.SLIDING_WINDOW_LOG);
  }

  @Provide
  Arbitrary<History> slidingWindowCounter() {
    return Histories.historyOf(Kind.SLIDING_WINDOW_COUNTER);
  }
}
