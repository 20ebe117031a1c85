package io.weir.limiter.http.servlet;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A filter that is asynchronous, before a backend that never answers refunds, and gives turns that
 * nobody waits for.
 */
class RefundsHoldNoThreadTest {
  private static final int MANY = 4 * WebContainer.THREADS;

  private final FakeClock clock = new FakeClock(1_767_225_600_000L);
  private final ExecutorService answering = Executors.newSingleThreadExecutor();
  private final AtomicInteger refunds = new AtomicInteger();
  private final RuleSet rules =
      RuleSet.of(
          DomainRules.of(
              "api",
              key("all").limit(RuleLimit.perMinute(1).algorithm(new LeakyBucket()).burst(100))));

  @AfterEach
  void shutDown() {
    answering.shutdownNow();
  }

  private final class Backend extends ForwardingBackend {
    Backend() {
      super(InMemoryBackend.builder().clock(clock).build());
    }

    @Override
    public CompletionStage<Decision> judgeAsync(Match match, long cost) {
      return CompletableFuture.supplyAsync(
          () -> judge(match.withMaxDelay(Long.MAX_VALUE), cost), answering);
    }

    @Override
    public Decision refund(Match match, long cost, long chargedAtMillis) {
      throw new AssertionError("a thread would wait for it");
    }

    @Override
    public CompletionStage<Decision> refundAsync(Match match, long cost, long chargedAtMillis) {
      refunds.incrementAndGet();
      return new CompletableFuture<>();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefundThatIsNeverAnsweredHoldsUpNobody(WebContainer.Kind kind) {
    TestApplication application =
        new TestApplication(
            RateLimitFilter.builder(new RuleBasedRateLimiter(() -> rules, new Backend(), clock))
                .rules(rules.domains().get(0))
                .maxWait(Duration.ZERO)
                .async(true)
                .build());
    try (WebContainer container = WebContainer.start(kind, application)) {
      assertThat(container.get("/page").statusCode()).isEqualTo(200);

      List<CompletableFuture<HttpResponse<String>>> tooLate =
          IntStream.range(0, MANY)
              .mapToObj(i -> container.sendAsync(container.request("/page")))
              .toList();

      assertThat(tooLate)
          .allSatisfy(
              answer -> {
                assertThat(answer).succeedsWithin(30, TimeUnit.SECONDS);
                assertThat(answer.join().statusCode()).isEqualTo(429);
              });
      assertThat(refunds).hasValue(MANY);
      assertThat(CompletableFuture.runAsync(() -> {}, answering))
          .succeedsWithin(30, TimeUnit.SECONDS);
      assertThat(application.requests).hasValue(1);
    }
  }
}
