package io.weir.limiter.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.rule.OwnAlgorithm;
import io.weir.limiter.tck.FakeClock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyedLimiterTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LATENESS = Duration.ofMinutes(5);
  private static final long START = 1_800_000_000_000L;

  private final FakeClock clock = new FakeClock(START);

  private KeyedLimiter<String> limiter(Limit limit) {
    return KeyedLimiter.builder(limit).clock(clock).build();
  }

  private KeyedLimiter<String> limiter(Limit limit, long maxKeys) {
    return KeyedLimiter.builder(limit).clock(clock).maxKeys(maxKeys).build();
  }

  @Test
  void eachKeyHasTheLimitForItself() {
    KeyedLimiter<String> limiter = limiter(Limit.tokenBucket(2, SECOND));
    assertThat(limiter.tryAcquire("alice")).isTrue();
    assertThat(limiter.tryAcquire("alice")).isTrue();
    assertThat(limiter.tryAcquire("alice")).isFalse();
    assertThat(limiter.tryAcquire("bob", 2)).isTrue();
    clock.advance(Duration.ofMillis(500));
    assertThat(limiter.tryAcquire("alice")).isTrue();
    assertThat(limiter.tryAcquire("bob", 2)).isFalse();
    assertThat(limiter.keys()).isEqualTo(2);
    assertThat(limiter.limit()).isEqualTo(Limit.tokenBucket(2, SECOND));
  }

  @Test
  @SuppressWarnings("NullAway") // what a careless caller does
  void aKeyThatIsNullIsRefusedAndTakesNothing() {
    KeyedLimiter<String> limiter = limiter(Limit.tokenBucket(2, SECOND));
    String none = null;
    Stream.<ThrowingCallable>of(
            () -> limiter.tryAcquire(none),
            () -> limiter.tryAcquire(none, 0),
            () -> limiter.check(none),
            () -> limiter.guard(none, () -> 1),
            () -> limiter.guardAsync(none, 1, () -> CompletableFuture.completedFuture(1)),
            () -> limiter.key(none))
        .forEach(
            call ->
                assertThatThrownBy(call)
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage(
                        "the key is null; leave those without a key out, or give them one that they"
                            + " share"));
    assertThat(limiter.keys()).isZero();
  }

  @Test
  void limitersTellWhatTheyAreWithoutTheirKeys() {
    KeyedLimiter<String> limiter = limiter(Limit.tokenBucket(2, SECOND));
    assertThat(limiter).hasToString("KeyedLimiter[token_bucket 2 per 1 s burst 2]");
    assertThat(limiter.key("secret")).hasToString("PlainLimiter[token_bucket 2 per 1 s burst 2]");
  }

  @Test
  void limiterOfAKeyAndTheKeyItselfShareOneBudget() {
    KeyedLimiter<String> limiter = limiter(Limit.fixedWindow(3, SECOND));
    PlainLimiter alice = limiter.key("alice");
    PlainLimiter again = limiter.key("alice");
    assertThat(limiter.keys()).as("asking for the limiter remembers nothing").isZero();
    assertThat(alice.tryAcquire()).isTrue();
    assertThat(limiter.tryAcquire("alice")).isTrue();
    assertThat(again.tryAcquire()).isTrue();
    assertThat(alice.tryAcquire()).isFalse();
    assertThat(limiter.key("bob").tryAcquire()).isTrue();
  }

  @Test
  void decisionTellsHowTheLimitStands() {
    KeyedLimiter<String> limiter = limiter(Limit.leakyBucket(10, SECOND).withBurst(2));
    assertThat(limiter.check("alice"))
        .isEqualTo(new PlainDecision(true, 1, START + 100, OptionalLong.empty(), 0, START));
    assertThat(limiter.key("alice").check())
        .isEqualTo(new PlainDecision(true, 0, START + 200, OptionalLong.empty(), 100, START));
    assertThat(limiter.check("alice"))
        .isEqualTo(new PlainDecision(false, 0, START + 200, OptionalLong.of(100), 0, START));
    assertThat(limiter.check("alice", 3).retryAfterMillis()).as("it never fits").isEmpty();
  }

  @Test
  void peekTakesNothingAndRemembersNobody() {
    KeyedLimiter<String> limiter = limiter(Limit.slidingWindowLog(1, SECOND));
    assertThat(limiter.tryAcquire("alice", 0)).isTrue();
    assertThat(limiter.check("alice", 0).isAllowed()).isTrue();
    assertThat(limiter.keys()).isZero();
    assertThat(limiter.tryAcquire("alice")).isTrue();
    assertThat(limiter.tryAcquire("alice", 0)).isFalse();
    assertThat(limiter.key("alice").tryAcquire(0)).isFalse();
  }

  @Test
  void costThatNeverFitsIsDeniedAndRemembersNobody() {
    KeyedLimiter<String> limiter = limiter(Limit.slidingWindowCounter(2, SECOND));
    assertThat(limiter.tryAcquire("alice", 3)).isFalse();
    assertThat(limiter.key("alice").tryAcquire(Long.MAX_VALUE)).isFalse();
    assertThat(limiter.check("alice", 3).isAllowed()).isFalse();
    assertThat(limiter.keys()).isZero();
  }

  @Test
  void limitOfZeroAdmitsNothing() {
    KeyedLimiter<String> limiter = limiter(Limit.tokenBucket(0, SECOND).withBurst(7));
    assertThat(limiter.tryAcquire("alice")).isFalse();
    assertThat(limiter.tryAcquire("alice", 0)).isFalse();
    assertThat(limiter.check("alice").retryAfterMillis()).isEmpty();
    assertThat(limiter.keys()).isZero();
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    KeyedLimiter<String> limiter = limiter(Limit.fixedWindow(1, SECOND));
    assertThatThrownBy(() -> limiter.tryAcquire("alice", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cost is -1; it must be 0 or more");
    assertThatThrownBy(() -> limiter.key("alice").check(-2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cost is -2; it must be 0 or more");
    KeyedLimiter.Builder builder = KeyedLimiter.builder(Limit.fixedWindow(1, SECOND));
    assertThatThrownBy(() -> builder.maxKeys(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxKeys is 0; it must be 1 or more");
    assertThatThrownBy(() -> builder.lateness(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lateness is -1 ms; it must be from 0 to 365 days");
    assertThatThrownBy(() -> builder.lateness(Duration.ofDays(365).plusMillis(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lateness is 365 d 1 ms; it must be from 0 to 365 days");
    assertThat(builder.lateness(Duration.ofDays(365)).build().tryAcquire("alice")).isTrue();
  }

  @Test
  void algorithmsOfOnesOwnAreRefused() {
    Limit own = Limit.of(new OwnAlgorithm(), 1, SECOND);
    assertThatThrownBy(() -> KeyedLimiter.of(own))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the algorithm "
                + own.algorithm().name()
                + " is none of the library's five, which alone are known here; give it to a"
                + " RateLimiter");
  }

  @Test
  void clockBeyondAllTimeIsRefused() {
    KeyedLimiter<String> limiter = limiter(Limit.fixedWindow(1, SECOND));
    clock.set(LimitState.MAX_TIME_MILLIS + 1);
    assertThatThrownBy(() -> limiter.tryAcquire("alice"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the clock shows 2305843009213693953 ms since the epoch; the latest that can be"
                + " counted with is 2305843009213693952");
    clock.set(LimitState.MAX_TIME_MILLIS);
    assertThat(limiter.tryAcquire("alice")).isTrue();
  }

  @Test
  void clockBeforeTheEpochCountsAsTheEpoch() {
    clock.set(-5);
    PlainLimiter limiter = PlainLimiter.of(Limit.tokenBucket(1, SECOND), clock);
    assertThat(limiter.check().nowMillis()).isZero();
    assertThat(limiter.tryAcquire()).isFalse();
  }

  @Test
  void systemClockIsTheDefault() {
    PlainLimiter limiter = PlainLimiter.of(Limit.fixedWindow(1, Duration.ofDays(365_000)));
    long beforeMillis = System.currentTimeMillis();
    PlainDecision decision = limiter.check();
    assertThat(decision.nowMillis()).isBetween(beforeMillis, System.currentTimeMillis());
    assertThat(limiter.tryAcquire()).isFalse();
    assertThat(KeyedLimiter.<String>of(Limit.fixedWindow(1, SECOND)).tryAcquire("alice")).isTrue();
  }

  @Test
  void keysGoWhenTheyAreIdleForEveryTimeThatCanStillCome() {
    KeyedLimiter<String> limiter = limiter(Limit.tokenBucket(1, SECOND));
    PlainLimiter alice = limiter.key("alice");
    assertThat(alice.tryAcquire()).isTrue();
    clock.advance(SECOND.plus(LATENESS).minusMillis(1));
    limiter.expireIdle();
    assertThat(limiter.keys()).isEqualTo(1);
    clock.advance(Duration.ofMillis(1));
    limiter.expireIdle();
    assertThat(limiter.keys()).isZero();
    assertThat(alice.tryAcquire()).as("the limiter of a key finds its new state").isTrue();
    assertThat(limiter.tryAcquire("alice")).isFalse();
    assertThat(limiter.keys()).isEqualTo(1);
  }

  @Test
  void whatASpikeLeavesGoesWhileOneKeyIsAskedFor() {
    KeyedLimiter<String> limiter = limiter(Limit.fixedWindow(1, SECOND));
    for (int i = 0; i < 5_000; i++) {
      limiter.tryAcquire("spike" + i);
    }
    assertThat(limiter.keys()).isEqualTo(5_000);
    clock.advance(SECOND.plus(LATENESS));
    PlainLimiter alice = limiter.key("alice");
    for (int i = 0; i < 10_000; i++) {
      clock.advance(Duration.ofMillis(1));
      alice.tryAcquire();
    }
    assertThat(limiter.keys()).isEqualTo(1);
  }

  @Test
  void keysThatComeAndGoDoNotPileUp() {
    KeyedLimiter<Integer> limiter =
        KeyedLimiter.builder(Limit.fixedWindow(1, SECOND))
            .clock(clock)
            .lateness(Duration.ZERO)
            .build();
    for (int i = 0; i < 50_000; i++) {
      clock.advance(Duration.ofMillis(1));
      limiter.tryAcquire(i);
    }
    assertThat(limiter.keys()).isBetween(500L, 3_000L);
    assertThat(limiter.evictedKeys()).isZero();
  }

  @Test
  void boundOnKeysIsNeverPassedAndWhatGoesBeforeItsTimeIsCounted() {
    KeyedLimiter<String> limiter = limiter(Limit.fixedWindow(1, SECOND), 1_000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(limiter.tryAcquire("key" + i)).isTrue();
      assertThat(limiter.keys()).isLessThanOrEqualTo(1_000);
    }
    assertThat(limiter.keys() + limiter.evictedKeys()).isEqualTo(10_000);
  }

  @Test
  void keyThatWouldGoSoonestIsDroppedAndTheOthersKeepWhatTheyUsed() {
    KeyedLimiter<String> limiter = limiter(Limit.tokenBucket(3, SECOND), 3);
    PlainLimiter light = limiter.key("light");
    assertThat(limiter.tryAcquire("heavy", 3)).isTrue();
    assertThat(light.tryAcquire()).isTrue();
    assertThat(limiter.tryAcquire("heavier", 3)).isTrue();
    assertThat(limiter.tryAcquire("new", 2)).isTrue();
    assertThat(limiter.evictedKeys()).isEqualTo(1);
    assertThat(limiter.tryAcquire("heavy")).isFalse();
    assertThat(limiter.tryAcquire("heavier")).isFalse();
    assertThat(light.tryAcquire(3)).as("what it used was forgotten").isTrue();
  }

  @Test
  void roomIsMadeOfIdleKeysFirstAndTheyDoNotCount() {
    KeyedLimiter<String> limiter = limiter(Limit.tokenBucket(1, SECOND), 50);
    for (int i = 0; i < 50; i++) {
      limiter.tryAcquire("key" + i);
    }
    clock.advance(SECOND.plus(LATENESS));
    for (int i = 50; i < 100; i++) {
      limiter.tryAcquire("key" + i);
    }
    assertThat(limiter.evictedKeys()).isZero();
  }

  @Test
  void everyKeyIsFoundWhateverItsHash() {
    KeyedLimiter<Object> limiter =
        KeyedLimiter.builder(Limit.tokenBucket(1, SECOND)).clock(clock).maxKeys(100_000).build();
    record Colliding(int id, int hash) {
      @Override
      public int hashCode() {
        return hash;
      }
    }
    for (int i = 0; i < 3_000; i++) {
      assertThat(limiter.tryAcquire(new Colliding(i, i % 10))).isTrue();
    }
    for (int i = 0; i < 3_000; i++) {
      assertThat(limiter.tryAcquire(new Colliding(i, i % 10))).isFalse();
    }
    clock.advance(SECOND.plus(LATENESS));
    for (int i = 0; i < 3_000; i += 3) {
      assertThat(limiter.tryAcquire(new Colliding(i, i % 10))).isTrue();
    }
    limiter.expireIdle();
    assertThat(limiter.keys()).isEqualTo(1_000);
    for (int i = 0; i < 3_000; i++) {
      assertThat(limiter.tryAcquire(new Colliding(i, i % 10))).isEqualTo(i % 3 != 0);
    }
  }

  static Stream<Limit> limits() {
    return Stream.of(
        Limit.fixedWindow(1_000, SECOND),
        Limit.tokenBucket(1_000, SECOND),
        Limit.leakyBucket(1_000, SECOND),
        Limit.slidingWindowLog(1_000, SECOND),
        Limit.slidingWindowCounter(1_000, SECOND));
  }

  /** Nothing to do with time: what is counted is bytes, and there must be none. */
  @ParameterizedTest
  @MethodSource("limits")
  void tryAcquireAllocatesNothing(Limit limit) {
    KeyedLimiter<String> limiter = limiter(limit);
    PlainLimiter held = limiter.key("alice");
    askInPassing(limiter, held, 20_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    askInPassing(limiter, held, 20_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("bytes of 80,000 requests").isLessThan(80_000);
  }

  /** Each millisecond four requests, of which three are denied in the end. */
  private void askInPassing(KeyedLimiter<String> limiter, PlainLimiter held, int millis) {
    for (int i = 0; i < millis; i++) {
      clock.set(clock.millis() + 1);
      held.tryAcquire();
      held.tryAcquire();
      limiter.tryAcquire("alice");
      limiter.tryAcquire("alice", 2);
    }
  }

  @Test
  void whoWaitsForACellGivesWayNowAndThen() {
    for (int spins = 0; spins < 200; spins++) {
      Cell.pause(spins);
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
