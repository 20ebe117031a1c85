package io.weir.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CallersTest {
  private final AtomicInteger asked = new AtomicInteger();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  @Test
  void loopAsksFromAllThreadsAndCountsEachAnswer() throws InterruptedException {
    LoopResult result =
        callers(number -> number % 2 == 0 ? Checks.Answer.ALLOWED : Checks.Answer.UNANSWERED)
            .loop(new RedisTask.Loop(3, 20, 1));

    assertThat(threads).hasSize(3);
    assertThat(result.answered() + result.unanswered()).isEqualTo(asked.get());
    assertThat(result.unanswered()).isEqualTo((asked.get() + 1) / 2);
    assertThat(result.denied()).isZero();
    assertThat(result.nanos()).isGreaterThanOrEqualTo(20_000_000);
  }

  @Test
  void paceAsksAsOftenAsIsDueAndNoOftener() throws InterruptedException {
    PaceResult result =
        callers(number -> Checks.Answer.DENIED).pace(new RedisTask.Pace(1_000, 50, 1));

    assertThat(asked).hasValue(50);
    assertThat(result.answered()).isEqualTo(50);
  }

  @Test
  void aCheckThatFailsEndsTheRun() {
    Callers failing =
        callers(
            number -> {
              throw new IllegalStateException("no connection");
            });

    assertThatThrownBy(() -> failing.loop(new RedisTask.Loop(2, 20, 1)))
        .hasMessageContaining("a check failed")
        .hasMessageContaining("no connection");
  }

  private Callers callers(Function<Integer, Checks.Answer> answers) {
    Checks checks =
        new Checks() {
          @Override
          public Answer check(String user) {
            threads.add(Thread.currentThread());
            return answers.apply(asked.incrementAndGet());
          }

          @Override
          public String key(String user) {
            return user;
          }

          @Override
          public void close() {}
        };
    return new Callers(checks, new Users(), share -> {});
  }
}
