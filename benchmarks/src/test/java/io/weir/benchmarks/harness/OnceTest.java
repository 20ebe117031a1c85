package io.weir.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OnceTest {
  @Test
  void isDoneOnceHoweverOftenItIsClosed() {
    AtomicInteger done = new AtomicInteger();
    Once once = new Once(done::incrementAndGet);

    once.close();
    once.close();

    assertThat(done).hasValue(1);
  }
}
