package io.weir.streams.compare;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.perMinute;
import static io.weir.limiter.rule.RuleLimit.perSecond;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
  private static final int REQUESTS = 20;
  private static final long PERIOD_MILLIS = 10_000;
  private static final TrafficPattern.Shape SHAPE =
      new TrafficPattern.Shape(REQUESTS, PERIOD_MILLIS);

  @Test
  void aFixedWindowLetsTwiceTheLimitThroughAtABoundary() {
    Comparison spike = comparison(TrafficPattern.SPIKE);
    assertThat(result(spike, "fixed_window").worst())
        .isEqualTo(new Result.Worst(2 * REQUESTS, REQUESTS));
    assertThat(result(spike, "fixed_window").denied()).isZero();
    assertThat(result(spike, "sliding_window_log").worst())
        .isEqualTo(new Result.Worst(REQUESTS, REQUESTS));
  }

  @Test
  void aTokenBucketLetsABurstThroughAtOnceAndTheRateBesides() {
    Comparison burst = comparison(TrafficPattern.BURST);
    Result bucket = result(burst, "token_bucket");
    long most = bucket.admittedByBin().stream().mapToLong(Long::longValue).max().orElseThrow();
    // The bucket is nearly full when they come, since a quarter of the rate was used.
    assertThat(most).isBetween((long) REQUESTS - 2, (long) REQUESTS);
    assertThat(bucket.worst().tokens()).isGreaterThan(REQUESTS).isLessThanOrEqualTo(2 * REQUESTS);
    assertThat(bucket.delays().count()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TrafficPattern.class)
  void aLeakyBucketLetsNoMoreOutThanItsRate(TrafficPattern pattern) {
    Comparison comparison = comparison(pattern);
    Result leaky = result(comparison, "leaky_bucket");
    assertThat(leaky.worst().tokens()).isLessThanOrEqualTo(REQUESTS);
    if (pattern != TrafficPattern.USERS) { // Who are many, and each has a bucket.
      long eachMillis = PERIOD_MILLIS / REQUESTS;
      long most = comparison.bins().widthMillis() / eachMillis + 1;
      assertThat(leaky.admittedByBin()).allMatch(tokens -> tokens <= most);
    }
    // What it delays, the token bucket lets through: they admit the same.
    assertThat(leaky.admitted()).isEqualTo(result(comparison, "token_bucket").admitted());
  }

  @Test
  void aLeakyBucketTellsItsTurns() {
    Result leaky = result(comparison(TrafficPattern.BURST), "leaky_bucket");
    long eachMillis = PERIOD_MILLIS / REQUESTS;
    assertThat(leaky.delays().count()).isGreaterThan(REQUESTS);
    assertThat(leaky.delays().longest())
        .isBetween(PERIOD_MILLIS - 2 * eachMillis, PERIOD_MILLIS - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1_000})
  void aLogKeepsAnEntryForEachRequestAndTheOthersKeepWhatTheyNeed(int requests) {
    Comparison steady = compare(traffic(TrafficPattern.STEADY, requests), requests);
    assertThat(result(steady, "sliding_window_log").memory().largestBytes())
        .isGreaterThan((long) requests);
    assertThat(steady.results())
        .filteredOn(result -> !result.contender().equals("sliding_window_log"))
        .hasSize(4)
        .allMatch(result -> result.memory().largestBytes() < 32);
  }

  @ParameterizedTest
  @EnumSource(TrafficPattern.class)
  void theNumbersAreThoseOfTheDefinitions(TrafficPattern pattern) {
    Traffic traffic = traffic(pattern, REQUESTS);
    Comparison comparison = compare(traffic, REQUESTS);
    Map<String, List<Long>> byUser =
        traffic.arrivals().stream()
            .collect(
                Collectors.groupingBy(
                    it -> it.attributes().get("user"),
                    Collectors.mapping(Arrival::timeMillis, Collectors.toList())));
    assertThat(result(comparison, "fixed_window").admitted())
        .isEqualTo(byUser.values().stream().mapToLong(ComparisonTest::byFixedWindow).sum());
    assertThat(result(comparison, "sliding_window_log").admitted())
        .isEqualTo(byUser.values().stream().mapToLong(ComparisonTest::byLog).sum());
    assertThat(result(comparison, "token_bucket").admitted())
        .isEqualTo(byUser.values().stream().mapToLong(ComparisonTest::byTokenBucket).sum());
    assertThat(result(comparison, "sliding_window_counter").admitted())
        .isEqualTo(byUser.values().stream().mapToLong(ComparisonTest::byCounter).sum());
    assertThat(comparison.results())
        .allSatisfy(
            result -> {
              assertThat(result.requests()).isEqualTo(traffic.arrivals().size());
              assertThat(result.offered()).isEqualTo(traffic.arrivals().size());
              assertThat(result.admitted() + result.denied()).isEqualTo(result.offered());
              assertThat(result.memory().rows()).isEqualTo(byUser.size());
              assertThat(result.retries().count()).isEqualTo(result.denied());
              // All but what goes on after the plot ends, which only a leaky bucket does.
              long plotted = result.admittedByBin().stream().mapToLong(Long::longValue).sum();
              assertThat(plotted)
                  .isBetween(
                      result.admitted() - (result.delays().count() > 0 ? REQUESTS : 0),
                      result.admitted());
            });
    Result fixed = result(comparison, "fixed_window");
    assertThat(fixed.retries()).isEqualTo(fixedWindowRetries(byUser.values()));
    assertThat(fixed.worst().tokens())
        .isEqualTo(byUser.values().stream().mapToLong(ComparisonTest::mostOfFixed).max().orElse(0));
    assertThat(comparison.offeredByBin().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(traffic.arrivals().size());
  }

  @Test
  void theSameSeedIsTheSameTrafficAndAnotherOneIsAnother() {
    assertThat(traffic(TrafficPattern.ON_OFF, 50)).isEqualTo(traffic(TrafficPattern.ON_OFF, 50));
    assertThat(TrafficPattern.ON_OFF.traffic(SHAPE, 2, ComparisonTest::asked))
        .isNotEqualTo(traffic(TrafficPattern.ON_OFF, REQUESTS));
  }

  @Test
  void whatNoLimitAppliesToIsAdmitted() {
    Traffic traffic =
        new Traffic("other", "", List.of(new Arrival(5, "else", Map.of("user", "1"), 3)));
    Result result = compare(traffic, REQUESTS).results().get(0);
    assertThat(result.admitted()).isEqualTo(3);
    assertThat(result.worst()).isEqualTo(Result.Worst.NONE);
    assertThat(result.worst().ratio()).isZero();
  }

  @Test
  void aTurnThatAnotherLimitGaveDoesNotDisturbTheCountOfAWindow() {
    RuleSet rules =
        RuleSet.of(
            DomainRules.of(
                "compare",
                key("user").limit(perSecond(10)),
                key("slow").limit(perMinute(6).algorithm(new LeakyBucket()))));
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      arrivals.add(new Arrival(0, "compare", Map.of("user", "1", "slow", "1"), 1));
    }
    for (int i = 0; i < 200; i++) {
      arrivals.add(new Arrival(i * 105L, "compare", Map.of("user", "1"), 1));
    }
    Comparison comparison =
        Comparison.of(
            new Traffic("", "", arrivals),
            rules,
            List.of(
                Contender.asWritten(), new Contender("log", Optional.of(new SlidingWindowLog()))),
            ticking(),
            (sofar, bins, all) -> {});
    assertThat(comparison.results()).allMatch(result -> result.worst().tokens() <= 11);
  }

  @Test
  void whatAShadowRefusesTakesNothingFromItAndIsCounted() {
    RuleSet rules =
        RuleSet.of(
            DomainRules.of("compare", key("user").limit(perSecond(REQUESTS).times(10)).shadow()));
    Comparison spike = compare(traffic(TrafficPattern.SPIKE, REQUESTS), rules);
    Result log = result(spike, "sliding_window_log");
    assertThat(log.admitted()).isEqualTo(log.offered());
    assertThat(log.denied()).isZero();
    assertThat(log.overlooked()).isEqualTo(log.requests() / 2);
    assertThat(log.worst().ratio()).isEqualTo(1);
    assertThat(result(spike, "fixed_window").overlooked()).isZero();
    assertThat(result(spike, "fixed_window").worst().ratio()).isEqualTo(2);
  }

  @Test
  void whoseAlgorithmCannotHaveTheLimitIsLeftOut() {
    RuleSet many = RuleSet.of(DomainRules.of("compare", key("user").limit(perMinute(10_001))));
    Comparison steady = compare(traffic(TrafficPattern.STEADY, REQUESTS), many);
    assertThat(steady.results()).hasSize(4).allMatch(result -> result.nanosPerCheck() > 0);
    assertThat(steady.leftOut())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.contender()).isEqualTo("sliding_window_log");
              assertThat(it.reason()).contains("10000");
            });
  }

  @Test
  void whoWatchesHearsOfEachPartOnce() {
    List<Integer> bins = new ArrayList<>();
    List<Long> requests = new ArrayList<>();
    Comparison.of(
        traffic(TrafficPattern.STEADY, REQUESTS),
        rules(REQUESTS),
        Contender.standard(),
        ticking(),
        (sofar, over, all) -> {
          assertThat(over).isLessThanOrEqualTo(all);
          bins.add(over);
          requests.add(sofar.get().results().get(0).requests());
        });
    assertThat(bins).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(50);
    assertThat(requests).isSorted();
  }

  private static long byFixedWindow(List<Long> times) {
    return times.stream()
        .collect(Collectors.groupingBy(it -> it / PERIOD_MILLIS, Collectors.counting()))
        .values()
        .stream()
        .mapToLong(count -> Math.min(count, REQUESTS))
        .sum();
  }

  /** Who is denied may come again when the window is over. */
  private static WaitSummary fixedWindowRetries(Collection<List<Long>> byUser) {
    Waits waits = new Waits();
    for (List<Long> times : byUser) {
      times.stream()
          .collect(Collectors.groupingBy(it -> it / PERIOD_MILLIS))
          .values()
          .forEach(
              window ->
                  window.stream()
                      .sorted()
                      .skip(REQUESTS)
                      .forEach(at -> waits.add(PERIOD_MILLIS - at % PERIOD_MILLIS)));
    }
    return waits.summary();
  }

  /** The most that a fixed window admits in any stretch of a period's length. */
  private static long mostOfFixed(List<Long> times) {
    List<Long> admitted =
        times.stream().collect(Collectors.groupingBy(it -> it / PERIOD_MILLIS)).values().stream()
            .flatMap(window -> window.stream().sorted().limit(REQUESTS))
            .sorted()
            .toList();
    return admitted.stream()
        .mapToLong(
            from -> admitted.stream().filter(it -> it >= from && it < from + PERIOD_MILLIS).count())
        .max()
        .orElse(0);
  }

  /** The last window counts by the share of it that is within the last period. */
  private static long byCounter(List<Long> times) {
    Map<Long, Long> admitted = new HashMap<>();
    for (long now : times) {
      long window = now / PERIOD_MILLIS;
      long left = PERIOD_MILLIS - now % PERIOD_MILLIS;
      long last = admitted.getOrDefault(window - 1, 0L);
      long here = admitted.getOrDefault(window, 0L);
      if (last * left + (here + 1) * PERIOD_MILLIS <= REQUESTS * PERIOD_MILLIS) {
        admitted.merge(window, 1L, Long::sum);
      }
    }
    return admitted.values().stream().mapToLong(Long::longValue).sum();
  }

  private static long byLog(List<Long> times) {
    List<Long> admitted = new ArrayList<>();
    for (long now : times) {
      if (admitted.stream().filter(it -> it > now - PERIOD_MILLIS).count() < REQUESTS) {
        admitted.add(now);
      }
    }
    return admitted.size();
  }

  private static long byTokenBucket(List<Long> times) {
    long admitted = 0;
    long parts = REQUESTS * PERIOD_MILLIS; // Of a token; each millisecond brings REQUESTS of them.
    long last = times.get(0);
    for (long now : times) {
      parts = Math.min(REQUESTS * PERIOD_MILLIS, parts + (now - last) * REQUESTS);
      last = now;
      if (parts >= PERIOD_MILLIS) {
        parts -= PERIOD_MILLIS;
        admitted++;
      }
    }
    return admitted;
  }

  private static Comparison comparison(TrafficPattern pattern) {
    return compare(traffic(pattern, REQUESTS), REQUESTS);
  }

  private static Comparison compare(Traffic traffic, int requests) {
    return compare(traffic, rules(requests));
  }

  private static Comparison compare(Traffic traffic, RuleSet rules) {
    return Comparison.of(traffic, rules, Contender.standard(), ticking(), (sofar, bins, all) -> {});
  }

  private static Result result(Comparison comparison, String name) {
    return comparison.results().stream()
        .filter(it -> it.contender().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Traffic traffic(TrafficPattern pattern, int requests) {
    return pattern.traffic(
        new TrafficPattern.Shape(requests, PERIOD_MILLIS), 1, ComparisonTest::asked);
  }

  private static TrafficPattern.Asked asked(long user) {
    return new TrafficPattern.Asked("compare", Map.of("user", String.valueOf(user)));
  }

  private static RuleSet rules(int requests) {
    return RuleSet.of(DomainRules.of("compare", key("user").limit(perSecond(requests).times(10))));
  }

  /** A clock on which each look takes a second, so that nothing is measured for long. */
  private static LongSupplier ticking() {
    AtomicLong nanos = new AtomicLong();
    return () -> nanos.addAndGet(1_000_000_000L);
  }
}
