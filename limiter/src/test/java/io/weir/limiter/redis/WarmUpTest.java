package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  @Test
  void whatIsAnsweredIsAskedSoOften() {
    WarmUp.run(asked::incrementAndGet, nanos::get);
    assertThat(asked).hasValue(WarmUp.ANSWERS);
  }

  @Test
  void itGoesOnWhereTheFirstAnswersAreLate() {
    WarmUp.run(() -> failFor(3), nanos::get);
    assertThat(asked).hasValue(3 + WarmUp.ANSWERS);
  }

  @Test
  void whoNeverAnswersIsGivenUp() {
    WarmUp.run(() -> failFor(Integer.MAX_VALUE), nanos::get);
    assertThat(asked).hasValue(WarmUp.MOST_FAILURES);
  }

  @Test
  void whoIsSlowAllTheTimeIsGivenUpByTheClock() {
    WarmUp.run(
        () -> {
          asked.incrementAndGet();
          nanos.addAndGet(WarmUp.LONGEST.toNanos() / 10);
        },
        nanos::get);
    assertThat(asked).hasValue(10);
  }

  @Test
  void theCircuitBreakerStaysClosedForWhoComesAfterIt() {
    CircuitBreaker breaker = CircuitBreaker.of("test", RedisRateLimiterBuilder.USUAL_BREAKER);
    AtomicInteger late = new AtomicInteger(WarmUp.MOST_FAILURES);
    WarmUp.run(
        () -> {
          if (!breaker.tryAcquirePermission()) {
            throw new RedisUnavailableException("not asked");
          }
          if (late.getAndDecrement() > 0) {
            breaker.onError(1, TimeUnit.MILLISECONDS, new RedisUnavailableException("late"));
            throw new RedisUnavailableException("late");
          }
          breaker.onSuccess(1, TimeUnit.MILLISECONDS);
        },
        nanos::get);
    assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
  }

  private void failFor(int times) {
    if (asked.incrementAndGet() <= times) {
      throw new RedisUnavailableException("late");
    }
  }
}
