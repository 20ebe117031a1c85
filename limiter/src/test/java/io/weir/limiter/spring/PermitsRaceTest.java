package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Calls of several rules that are made, denied and cancelled at the same time. */
class PermitsRaceTest {
  private static final int THREADS = 16;
  private static final int CALLS = 1_600;
  private static final int WIDE = 5_000;
  private static final int NARROW = 500;
  private static final Request ALL = Request.of("api", "all", "all");
  private static final Request ACCOUNT = Request.of("api", "account", "alice");
  private static final Request TURN = Request.of("api", "queue", "reports");

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final FakeClock clock = new FakeClock(1_767_225_600_000L);
  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  WeirAutoConfiguration.class, WeirAnnotationAutoConfiguration.class))
          .withBean(LimitBackend.class, () -> InMemoryBackend.builder().clock(clock).build())
          .withBean(Work.class)
          .withPropertyValues(
              "weir.limits.wide=" + WIDE + "/day by all algorithm=token_bucket",
              "weir.limits.narrow=" + NARROW + "/day by account algorithm=token_bucket",
              "weir.limits.turns=1000/second by queue algorithm=leaky_bucket burst=" + CALLS);

  @AfterEach
  void shutDown() {
    threads.shutdownNow();
  }

  static class Work {
    @RateLimited(rule = "wide")
    @RateLimited(rule = "narrow", key = "#account")
    public boolean call(String account) {
      return true;
    }

    @RateLimited(rule = "wide")
    @RateLimited(rule = "narrow", key = "#account")
    public CompletableFuture<Boolean> callLater(String account) {
      return CompletableFuture.completedFuture(true);
    }
  }

  @Test
  void callsOfSeveralRulesTakeAllTheirTokensOrNone() {
    application.run(
        context -> {
          Work work = context.getBean(Work.class);
          List<CompletableFuture<Boolean>> calls =
              IntStream.range(0, CALLS)
                  .mapToObj(
                      i ->
                          CompletableFuture.supplyAsync(
                              () -> i % 2 == 0 ? called(work) : calledLater(work), threads))
                  .toList();

          assertThat(calls).filteredOn(CompletableFuture::join).hasSize(NARROW);
          RateLimiter limiter = context.getBean(RateLimiter.class);
          assertThat(remaining(limiter, ACCOUNT)).isZero();
          assertThat(remaining(limiter, ALL))
              .as("what the denied ones took of the first rule is back, and once")
              .isEqualTo(WIDE - NARROW);
        });
  }

  private static boolean called(Work work) {
    try {
      return work.call("alice");
    } catch (RateLimitExceededException e) {
      return false;
    }
  }

  private static boolean calledLater(Work work) {
    return work.callLater("alice").exceptionally(failure -> false).join();
  }

  @Test
  void whoCancelsAtAnyMomentTakesAllTokensOrNone() {
    application.run(
        context -> {
          RuleLimiters limiters = context.getBean(RuleLimiters.class);
          List<Permits.Asked> asked =
              List.of(
                  new Permits.Asked(limiters.of("", "wide"), ALL),
                  new Permits.Asked(limiters.of("", "turns"), TURN));
          Permits permits =
              new Permits(() -> new Permits.Waiting(Duration.ofHours(1), new Semaphore(0)));
          Random random = new Random(6);
          AtomicLong taken = new AtomicLong();
          CountDownLatch settled = new CountDownLatch(CALLS);
          for (int i = 0; i < CALLS; i++) {
            Executor later =
                CompletableFuture.delayedExecutor(
                    random.nextInt(CALLS), TimeUnit.MILLISECONDS, threads);
            threads.execute(
                () -> {
                  CompletableFuture<?> permit = permits.acquireAsync(asked);
                  later.execute(
                      () -> {
                        if (!permit.cancel(false)) {
                          taken.incrementAndGet();
                        }
                        settled.countDown();
                      });
                });
          }
          assertThat(settled.await(1, TimeUnit.MINUTES)).isTrue();

          assertThat(taken.get()).as("both happen").isBetween(1L, CALLS - 1L);
          RateLimiter limiter = context.getBean(RateLimiter.class);
          // Where the turn came at that very moment, who brought it gives back, soon.
          Awaitility.await()
              .untilAsserted(
                  () -> {
                    assertThat(remaining(limiter, ALL)).isEqualTo(WIDE - taken.get());
                    assertThat(limiter.check(TURN.peek()).delayMillis()).isEqualTo(taken.get());
                  });
        });
  }

  private static long remaining(RateLimiter limiter, Request request) {
    return limiter.check(request.peek()).statuses().get(0).remaining();
  }
}
