package io.weir.limiter.codec;

import io.weir.limiter.algorithm.CountdownAlgorithm;
import io.weir.limiter.algorithm.CustomState;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Hold;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.LeakyBucketState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.SlidingWindowCounter;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.algorithm.TokenBucketState;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Random rows of every algorithm, numbers of every length. */
class StoredLimits extends DomainContextBase {
  private static final long MAX_SCALED = 1L << 61;

  @Provide
  Arbitrary<StoredLimit> row() {
    Arbitrary<StoredLimit> withoutHolds =
        Arbitraries.oneOf(tokenBucket(), leakyBucket(), fixedWindow(), log(), counter(), custom());
    Arbitrary<List<Hold>> holds =
        Arbitraries.oneOf(Arbitraries.just(List.of()), hold().list().ofMaxSize(5));
    return Combinators.combine(withoutHolds, holds)
        .as((row, held) -> new StoredLimit(row.limit(), row.state(), held));
  }

  private static Arbitrary<Hold> hold() {
    Arbitrary<HoldId> id =
        Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(HoldId::new);
    return Combinators.combine(id, time(), upTo(Long.MAX_VALUE - 1), upTo(Long.MAX_VALUE))
        .as((each, at, cost, leastUsed) -> new Hold(each, at, cost + 1, leastUsed));
  }

  private static Arbitrary<StoredLimit> tokenBucket() {
    return upTo(Long.MAX_VALUE)
        .flatMap(requests -> bucket(new Limit(new TokenBucket(), requests, 1, 1)))
        .flatMap(
            limit ->
                rows(limit, Combinators.combine(level(limit), time()).as(TokenBucketState::new)));
  }

  private static Arbitrary<StoredLimit> leakyBucket() {
    return upTo(Long.MAX_VALUE)
        .flatMap(requests -> bucket(new Limit(new LeakyBucket(), requests, 1, 1)))
        .flatMap(
            limit ->
                rows(limit, Combinators.combine(level(limit), time()).as(LeakyBucketState::new)));
  }

  private static Arbitrary<StoredLimit> fixedWindow() {
    return Combinators.combine(upTo(Long.MAX_VALUE), period(), upTo(Long.MAX_VALUE), time())
        .as(
            (requests, period, count, last) ->
                new StoredLimit(
                    new Limit(new FixedWindow(), requests, period, requests),
                    new FixedWindowState(count, last)));
  }

  private static Arbitrary<StoredLimit> log() {
    Limit limit = new Limit(new SlidingWindowLog(), 10_000, Limit.MAX_PERIOD_MILLIS, 10_000);
    Arbitrary<Long> cost =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(1L)),
            Tuple.of(1, upTo(1L << 55).filter(each -> each > 0)));
    Arbitrary<List<long[]>> entries =
        Combinators.combine(time(), cost)
            .as((time, each) -> new long[] {time, each})
            .list()
            .uniqueElements(entry -> entry[0])
            .ofMaxSize(40);
    return Combinators.combine(entries, Arbitraries.oneOf(Arbitraries.just(0L), time()))
        .as((drawn, lastMillis) -> new StoredLimit(limit, logOf(drawn, lastMillis)));
  }

  /** The entries in order, last admitted at that time if that is later. */
  private static SlidingWindowLogState logOf(List<long[]> entries, long lastMillis) {
    List<long[]> sorted =
        entries.stream().sorted(Comparator.comparingLong(entry -> entry[0])).toList();
    SlidingWindowLogState log =
        SlidingWindowLogState.of(
            sorted.stream().mapToLong(entry -> entry[0]).toArray(),
            sorted.stream().mapToLong(entry -> entry[1]).toArray());
    return log.withLastMillis(Math.max(log.newestMillis(), lastMillis));
  }

  private static Arbitrary<StoredLimit> counter() {
    return period()
        .flatMap(
            period ->
                Combinators.combine(
                        upTo(MAX_SCALED / period),
                        upTo(MAX_SCALED / period),
                        upTo(MAX_SCALED / period),
                        time())
                    .as(
                        (requests, current, previous, last) ->
                            new StoredLimit(
                                new Limit(new SlidingWindowCounter(), requests, period, requests),
                                new SlidingWindowCounterState(current, previous, last))));
  }

  private static Arbitrary<StoredLimit> custom() {
    return Combinators.combine(
            upTo(Long.MAX_VALUE), period(), Arbitraries.longs().list().ofMaxSize(30), time())
        .as(
            (requests, period, values, last) ->
                new StoredLimit(
                    new Limit(new CountdownAlgorithm(), requests, period, requests),
                    new CustomState(values, last)));
  }

  /** Limits of the requests of one, with any period and any burst that is then accepted. */
  private static Arbitrary<Limit> bucket(Limit limit) {
    return period()
        .flatMap(
            period -> {
              Limit smallest = new Limit(limit.algorithm(), limit.requests(), period, 1);
              return upTo(MAX_SCALED / smallest.unitsPerToken())
                  .map(burst -> smallest.withBurst(Math.max(1, burst)));
            });
  }

  private static Arbitrary<StoredLimit> rows(Limit limit, Arbitrary<? extends LimitState> states) {
    return states.map(state -> new StoredLimit(limit, state));
  }

  private static Arbitrary<Long> level(Limit limit) {
    return upTo(limit.requests() == 0 ? 0 : limit.burst() * limit.unitsPerToken());
  }

  private static Arbitrary<Long> period() {
    return upTo(Limit.MAX_PERIOD_MILLIS - 1).map(period -> period + 1);
  }

  private static Arbitrary<Long> time() {
    return upTo(LimitState.MAX_TIME_MILLIS);
  }

  /** Numbers of every length up to that of the largest, itself and 0 included. */
  private static Arbitrary<Long> upTo(long max) {
    Arbitrary<Long> anyLength =
        Combinators.combine(
                Arbitraries.longs().between(0, max), Arbitraries.integers().between(0, 62))
            .as((number, shift) -> number >> shift);
    return Arbitraries.frequencyOf(
        Tuple.of(8, anyLength),
        Tuple.of(1, Arbitraries.just(0L)),
        Tuple.of(1, Arbitraries.just(max)));
  }
}
