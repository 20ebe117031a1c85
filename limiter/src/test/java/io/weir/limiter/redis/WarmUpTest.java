package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void whatIsAnsweredIsAskedSoOften() {
    WarmUp.run(asked::incrementAndGet);
    assertThat(asked).hasValue(WarmUp.ANSWERS);
  }

  @Test
  void itGoesOnWhereTheFirstAnswersAreLate() {
    WarmUp.run(() -> failFor(3));
    assertThat(asked).hasValue(3 + WarmUp.ANSWERS);
  }

  @Test
  void whoNeverAnswersIsGivenUp() {
    WarmUp.run(() -> failFor(Integer.MAX_VALUE));
    assertThat(asked).hasValue(WarmUp.MOST_FAILURES);
  }

  private void failFor(int times) {
    if (asked.incrementAndGet() <= times) {
      throw new RedisUnavailableException("late");
    }
  }
}
