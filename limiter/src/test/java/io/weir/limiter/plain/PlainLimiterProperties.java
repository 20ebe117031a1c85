package io.weir.limiter.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Histories;
import io.weir.limiter.algorithm.Kind;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.Outcome;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.tck.ExactLimit;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;

/** The plain limiters against the pure steps, and against the exact oracle, by the rule of time. */
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class PlainLimiterProperties {
  /** How it is asked. */
  enum Door {
    KEYED,
    HELD,
    KEYED_CHECK,
    HELD_CHECK
  }

  /** One request, after the clock was moved, back perhaps. */
  record Event(long moveMillis, int key, long cost, Door door, boolean expireBefore) {}

  /** What happens to one limiter. */
  record Story(Limit limit, long latenessMillis, long startMillis, List<Event> events) {}

  @Property
  void decidesAsThePureStepsDo(@ForAll("stories") Story story) {
    play(
        story,
        (world, event, key) -> {
          PlainDecision expected = world.decide(key, event.cost());
          switch (event.door()) {
            case KEYED ->
                assertThat(world.limiter.tryAcquire(key, event.cost()))
                    .isEqualTo(expected.isAllowed());
            case HELD ->
                assertThat(world.held(key).tryAcquire(event.cost()))
                    .isEqualTo(expected.isAllowed());
            case KEYED_CHECK ->
                assertThat(world.limiter.check(key, event.cost())).isEqualTo(expected);
            case HELD_CHECK -> assertThat(world.held(key).check(event.cost())).isEqualTo(expected);
          }
        });
  }

  @Property
  void decidesAsTheExactOracleDoes(@ForAll("stories") Story story) {
    Map<String, ExactLimit> oracles = new HashMap<>();
    play(
        story,
        (world, event, key) -> {
          ExactLimit oracle = oracles.computeIfAbsent(key, unused -> ExactLimit.of(story.limit()));
          long nowMillis = world.nowMillis(key);
          boolean fits = oracle.fits(nowMillis, Math.max(1, event.cost()));
          assertThat(world.ask(event, key)).isEqualTo(fits);
          if (fits && event.cost() > 0) {
            oracle.take(nowMillis, event.cost());
            world.lastMillis.put(key, nowMillis);
          }
        });
  }

  @Property
  void limiterWithoutKeysDecidesAsOneOfAKeyDoes(@ForAll("stories") Story story) {
    FakeClock clock = new FakeClock(story.startMillis());
    PlainLimiter alone = PlainLimiter.of(story.limit(), clock);
    PlainLimiter held =
        KeyedLimiter.builder(story.limit()).clock(clock).<String>build().key("someone");
    for (Event event : story.events()) {
      clock.set(Math.max(0, clock.millis() + event.moveMillis()));
      assertThat(alone.tryAcquire(event.cost())).isEqualTo(held.tryAcquire(event.cost()));
      assertThat(alone.check(event.cost())).isEqualTo(held.check(event.cost()));
    }
  }

  private interface Visitor {
    void request(World world, Event event, String key);
  }

  private static void play(Story story, Visitor visitor) {
    World world = new World(story);
    for (Event event : story.events()) {
      world.clock.set(Math.max(0, world.clock.millis() + event.moveMillis()));
      world.newestMillis = Math.max(world.newestMillis, world.clock.millis());
      if (event.expireBefore()) {
        world.limiter.expireIdle();
      }
      visitor.request(world, event, "key" + event.key());
    }
  }

  /** A limiter, and what must be remembered of its keys; nothing is forgotten here. */
  private static final class World {
    final Limit limit;
    final long latenessMillis;
    final FakeClock clock;
    final KeyedLimiter<String> limiter;
    final Map<String, PlainLimiter> held = new HashMap<>();
    final Map<String, LimitState> states = new HashMap<>();
    final Map<String, Long> lastMillis = new HashMap<>();
    long newestMillis;

    World(Story story) {
      limit = story.limit();
      latenessMillis = story.latenessMillis();
      clock = new FakeClock(story.startMillis());
      limiter =
          KeyedLimiter.builder(limit)
              .clock(clock)
              .lateness(Duration.ofMillis(latenessMillis))
              .build();
    }

    PlainLimiter held(String key) {
      return held.computeIfAbsent(key, limiter::key);
    }

    boolean ask(Event event, String key) {
      return switch (event.door()) {
        case KEYED -> limiter.tryAcquire(key, event.cost());
        case HELD -> held(key).tryAcquire(event.cost());
        case KEYED_CHECK -> limiter.check(key, event.cost()).isAllowed();
        case HELD_CHECK -> held(key).check(event.cost()).isAllowed();
      };
    }

    long nowMillis(String key) {
      long floorMillis = newestMillis - latenessMillis;
      return Math.max(Math.max(clock.millis(), floorMillis), lastMillis.getOrDefault(key, 0L));
    }

    PlainDecision decide(String key, long cost) {
      return decide(limit.algorithm(), key, cost);
    }

    private <S extends LimitState> PlainDecision decide(
        Algorithm<S> algorithm, String key, long cost) {
      LimitState known = states.get(key);
      S state = known == null ? algorithm.initial() : algorithm.stateType().cast(known);
      long nowMillis = nowMillis(key);
      Outcome<S> outcome = algorithm.check(limit, state, nowMillis, Math.max(1, cost));
      OptionalLong retryAfterMillis = OptionalLong.empty();
      long delayMillis = 0;
      if (outcome instanceof Outcome.Admitted<S> admitted) {
        delayMillis = admitted.delayMillis();
        if (cost > 0) {
          state = admitted.next();
          states.put(key, state);
          lastMillis.put(key, nowMillis);
        }
      } else if (outcome instanceof Outcome.Denied<S> denied) {
        retryAfterMillis = OptionalLong.of(denied.readyAtMillis() - clock.millis());
      }
      Usage usage = algorithm.usage(limit, state, nowMillis);
      return new PlainDecision(
          outcome instanceof Outcome.Admitted<S>,
          usage.remaining(),
          usage.resetAtMillis(),
          retryAfterMillis,
          delayMillis,
          nowMillis);
    }
  }

  @Provide
  Arbitrary<Story> stories() {
    return Arbitraries.of(Kind.values())
        .flatMap(Kind::limits)
        .flatMap(
            limit ->
                Combinators.combine(
                        Arbitraries.longs()
                            .between(0, 2 * limit.periodMillis())
                            .map(lateness -> Math.min(lateness, Duration.ofDays(365).toMillis())),
                        starts(),
                        events(limit))
                    .as(
                        (latenessMillis, startMillis, events) ->
                            new Story(limit, latenessMillis, startMillis, events)));
  }

  private static Arbitrary<Long> starts() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(0, 200),
        Arbitraries.longs().between(1_700_000_000_000L, 1_900_000_000_000L),
        Arbitraries.just(LimitState.MAX_TIME_MILLIS / 2));
  }

  private static Arbitrary<List<Event>> events(Limit limit) {
    return Combinators.combine(
            moves(limit),
            Arbitraries.integers().between(0, 1),
            Histories.costs(limit, 0),
            Arbitraries.of(Door.class),
            Arbitraries.of(true, false, false, false))
        .as(Event::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  private static Arbitrary<Long> moves(Limit limit) {
    long period = limit.periodMillis();
    long perToken = period / Math.max(1, limit.requests());
    return Arbitraries.oneOf(
        List.of(
            Arbitraries.longs().between(0, 2),
            Arbitraries.longs().between(-2, 3 * perToken + 1),
            Arbitraries.longs().between(-period / 2, period / 3 + 1),
            Arbitraries.longs().between(-period, 2 * period + 1)));
  }
}
