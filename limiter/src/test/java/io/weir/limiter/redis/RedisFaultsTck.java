package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.weir.limiter.Decision;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What callers see while Redis is killed, stands still, comes back or forgets everything under
 * load. With {@code -Dweir.measure=faults} it prints the figures of docs/redis.md.
 */
abstract class RedisFaultsTck {
  static final Duration TIMEOUT = Duration.ofMillis(50);

  /** Beyond the timeout: what a busy machine takes to let a thread go on. */
  private static final Duration SCHEDULING = Duration.ofMillis(950);

  private static final int CALLERS = 8;
  private static final boolean MEASURES = "faults".equals(System.getProperty("weir.measure"));

  final RedisServer redis = startRedis();
  final RuleSet rules =
      RuleSet.of(
          RulesReader.standard()
              .read(
                  "test",
                  """
                  domain: api
                  descriptors:
                    - {key: user_id, rate_limit: {unit: hour, requests_per_unit: 1000000}}
                    - {key: denied, rate_limit: {unit: hour, requests_per_unit: 10, on_error: deny}}
                    - {key: local, rate_limit: {unit: hour, requests_per_unit: 10, on_error: local}}
                  """));
  final RedisRateLimiter limiter =
      RedisRateLimiter.builder(() -> rules).uri(redis.uri()).timeout(TIMEOUT).build();
  private final Load load = new Load();

  /** Starts the Redis that the test harms, and closes. */
  abstract RedisServer startRedis();

  @AfterEach
  void close() {
    load.stop();
    limiter.close();
    redis.close();
  }

  @Test
  void whenItIsKilledCallersAreAnsweredInTimeAndItIsUsedAgainWhenItIsBack() {
    load.await(answer -> !answer.degraded());
    redis.kill();
    load.await(Answer::degraded);
    assertDegradedByRule();
    assertAnsweredInTime("killed");
    long startNanos = System.nanoTime();
    redis.startAgain();
    load.await(answer -> !answer.degraded());
    tell("again after a restart, which took part of it", startNanos);
  }

  @Test
  void whenItStandsStillCallersAreAnsweredInTimeAndItIsUsedAgainWhenItGoesOn() {
    load.await(answer -> !answer.degraded());
    redis.pause();
    load.await(Answer::degraded);
    assertDegradedByRule();
    assertAnsweredInTime("paused");
    long startNanos = System.nanoTime();
    redis.resume();
    load.await(answer -> !answer.degraded());
    tell("again after a pause", startNanos);
  }

  @Test
  void whatItForgetsIsForgottenAndNothingElse() {
    load.await(answer -> !answer.degraded());
    load.clear();
    try (var client = RedisClient.create(redis.uri());
        var connection = client.connect()) {
      for (int i = 0; i < 20; i++) {
        connection.sync().flushall();
        connection.sync().scriptFlush();
      }
    }
    load.await(answer -> !answer.degraded());
    assertAnsweredInTime("flushed");
  }

  private void assertDegradedByRule() {
    Decision denied = limiter.check(Request.of("api", "denied", "1"));
    assertThat(denied.isAllowed()).isFalse();
    assertThat(denied.reason()).isEqualTo(Reason.BACKEND_FAILED);
    int local = 0;
    for (int i = 0; i < 15; i++) {
      local += limiter.check(Request.of("api", "local", "1")).isAllowed() ? 1 : 0;
    }
    assertThat(local).isEqualTo(10);
  }

  private void assertAnsweredInTime(String when) {
    List<Answer> answers = load.answers();
    Map<String, Integer> why = new TreeMap<>();
    for (Answer answer : answers) {
      why.merge(answer.degraded() ? answer.message() : "judged", 1, Integer::sum);
      assertThat(Duration.ofNanos(answer.waitNanos())).isLessThan(TIMEOUT.plus(SCHEDULING));
    }
    if (MEASURES) {
      List<Long> waits = new ArrayList<>(answers.stream().map(Answer::waitNanos).toList());
      Collections.sort(waits);
      System.out.printf(
          "%s: %d answers, waited p50 %.2f p99 %.2f most %.2f ms; %s%n",
          when,
          waits.size(),
          waits.get(waits.size() / 2) / 1e6,
          waits.get((int) (waits.size() * 0.99)) / 1e6,
          waits.get(waits.size() - 1) / 1e6,
          why);
    }
  }

  private static void tell(String what, long startNanos) {
    if (MEASURES) {
      System.out.printf("%s: %.0f ms%n", what, (System.nanoTime() - startNanos) / 1e6);
    }
  }

  private record Answer(boolean degraded, String message, long waitNanos) {}

  /** Callers that ask without a pause. */
  private final class Load {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> threads = new ArrayList<>();

    Load() {
      for (int i = 0; i < CALLERS; i++) {
        String user = "" + i;
        Thread thread = new Thread(() -> ask(Request.of("api", "user_id", user)), "caller-" + i);
        threads.add(thread);
        thread.start();
      }
    }

    private void ask(Request request) {
      while (!stopped.get()) {
        long startNanos = System.nanoTime();
        Decision decision = limiter.check(request);
        long waitNanos = System.nanoTime() - startNanos;
        answers.add(new Answer(decision.degraded(), decision.message().orElse(""), waitNanos));
        // Degraded answers come at once; there is no need for millions of them.
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
      }
    }

    /** Waits until each of the last answers is such a one. */
    void await(Predicate<Answer> such) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                List<Answer> now = answers();
                int size = now.size();
                return size > 200 && now.subList(size - 100, size).stream().allMatch(such);
              });
    }

    List<Answer> answers() {
      synchronized (answers) {
        return List.copyOf(answers);
      }
    }

    void clear() {
      answers.clear();
    }

    void stop() {
      stopped.set(true);
      for (Thread thread : threads) {
        try {
          thread.join(30_000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
