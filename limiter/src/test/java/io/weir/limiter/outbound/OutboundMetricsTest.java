package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.algorithm.Limit;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboundMetricsTest extends OutboundKit {
  private static final Limit TWO = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(2);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final OutboundMetrics metrics = new OutboundMetrics();
  private final TokenBucketRateLimiter limiter =
      prepared(TokenBucketRateLimiter.builder(TWO))
          .name("api")
          .maxWaiting(1)
          .listener(metrics)
          .build();

  @Test
  void whatALimiterDoesIsCountedAndHowItStandsIsShown() {
    metrics.watch(limiter);
    metrics.bindTo(registry);
    limiter.acquire(2);
    CompletableFuture<Void> turn = limiter.reserve(2, Duration.ofSeconds(1));
    assertThat(gauge("weir.outbound.waiting")).isEqualTo(1);
    assertThat(gauge("weir.outbound.tokens")).isZero();
    assertThat(gauge("weir.outbound.rate")).isEqualTo(10);
    timer.advance(200);

    assertThat(turn).isCompleted();
    assertThat(registry.get("weir.outbound.acquired").tag("limiter", "api").counter().count())
        .isEqualTo(4);
    assertThat(registry.get("weir.outbound.wait").timer().totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(200);
    assertThat(registry.get("weir.outbound.wait").timer().count()).isEqualTo(2);
  }

  @Test
  void refusalsAreCountedByReason() {
    metrics.bindTo(registry);
    metrics.watch(limiter);
    limiter.acquire(2);
    var tooLate = limiter.reserve(1, Duration.ZERO);
    var aboveBurst = limiter.reserve(2, Duration.ofSeconds(9));
    var tooMany = limiter.reserve(1, Duration.ofSeconds(9));
    limiter.updateRateLimit(TWO.withBurst(1));

    assertThat(List.of(tooLate, aboveBurst, tooMany))
        .allMatch(CompletableFuture::isCompletedExceptionally);
    for (String reason : List.of("deadline", "burst", "queue_full")) {
      assertThat(registry.get("weir.outbound.rejected").tag("reason", reason).counter().count())
          .isEqualTo(1);
    }
    assertThat(registry.get("weir.outbound.limit.changes").counter().count()).isEqualTo(1);
    assertThat(gauge("weir.outbound.rate")).isEqualTo(10);
  }

  @Test
  void theMetricsOfAClosedLimiterGo() {
    metrics.watch(limiter);
    metrics.bindTo(registry);
    limiter.acquire(1);
    metrics.onAcquired("api-2", 1, Duration.ZERO);

    limiter.close();
    assertThat(registry.getMeters())
        .allMatch(meter -> "api-2".equals(meter.getId().getTag("limiter")));
    SimpleMeterRegistry later = new SimpleMeterRegistry();
    metrics.bindTo(later);
    assertThat(later.getMeters()).isEmpty();
    assertThat(limiter.reserve(1, Duration.ZERO)).isCompletedExceptionally();
    assertThat(registry.find("weir.outbound.rejected").counters()).isEmpty();
  }

  @Test
  void whatAClosedLimiterStillDoesIsNotCounted() {
    metrics.bindTo(registry);
    AdaptiveRateLimiter adaptive =
        prepared(AdaptiveRateLimiter.builder(TWO)).name("adaptive").listener(metrics).build();
    TokenBucketRateLimiter slow =
        prepared(TokenBucketRateLimiter.builder(TWO))
            .name("slow")
            .executor(task -> {})
            .listener(metrics)
            .build();
    slow.acquire(2);
    var call = slow.executeAsync(() -> CompletableFuture.completedFuture("no"));
    timer.advance(100);

    adaptive.close();
    slow.close();
    adaptive.onAnswer(
        200, name -> name.equals("RateLimit-Policy") ? List.of("\"p\";q=9;w=9") : List.of());
    adaptive.updateRateLimit(TWO.withBurst(7));
    call.cancel(false);
    assertThat(recorder.events).contains("given back 1", "limit 10 -> 9");
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void closedLimitersThatStillDoSomethingUseUpNoNames() {
    metrics.bindTo(registry);
    for (int i = 0; i < 300; i++) {
      TokenBucketRateLimiter each =
          prepared(TokenBucketRateLimiter.builder(TWO)).name("n" + i).listener(metrics).build();
      each.close();
      each.updateRateLimit(TWO.withBurst(1));
    }

    limiter.acquire(1);
    assertThat(registry.get("weir.outbound.acquired").tag("limiter", "api").counter().count())
        .isEqualTo(1);
  }

  @Test
  void theMetricsOfALimiterWhoseNameBeginsWithThatOfAClosedOneStay() {
    metrics.bindTo(registry);
    TokenBucketRateLimiter search =
        prepared(TokenBucketRateLimiter.builder(TWO)).name("api search").listener(metrics).build();
    metrics.watch(search);
    search.acquire(1);
    limiter.acquire(1);

    limiter.close();
    assertThat(registry.getMeters())
        .isNotEmpty()
        .allMatch(meter -> "api search".equals(meter.getId().getTag("limiter")));
    assertThat(gauge("weir.outbound.tokens", "api search")).isEqualTo(1);
    search.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void theMetricsOfANameStayAsLongAsOneOfThatNameIsOpen() {
    metrics.bindTo(registry);
    TokenBucketRateLimiter twin =
        prepared(TokenBucketRateLimiter.builder(TWO)).name("api").listener(metrics).build();
    limiter.acquire(1);
    twin.acquire(1);

    limiter.close();
    assertThat(registry.get("weir.outbound.acquired").counter().count()).isEqualTo(2);
    twin.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void whoIsRefusedByTheClosingOfALimiterThatIsCountedIsCounted() {
    metrics.bindTo(registry);
    limiter.acquire(2);
    metrics.onRejected("api", 1, new IllegalStateException("'api' was closed"));

    assertThat(registry.get("weir.outbound.rejected").tag("reason", "closed").counter().count())
        .isEqualTo(1);
  }

  @Test
  void theMetricsOfEndpointsGoWithTheirLimiterAndNotWhenOneIsForgotten() {
    metrics.bindTo(registry);
    EndpointRateLimiter endpoints =
        prepared(EndpointRateLimiter.builder(TWO))
            .name("api")
            .limit("/a/{id}", TWO)
            .maxEndpoints(1)
            .listener(metrics)
            .build();
    endpoints.tryAcquire("//h1/a/1");
    timer.advance(1_000);
    endpoints.tryAcquire("//h2/a/1");
    timer.advance(1_000);
    endpoints.tryAcquire("//h1/a/1");

    assertThat(
            registry
                .get("weir.outbound.acquired")
                .tag("limiter", "api //h1/a/{id}")
                .counter()
                .count())
        .isEqualTo(2);
    endpoints.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private EndpointRateLimiter.Builder endpoints() {
    return prepared(EndpointRateLimiter.builder(TWO))
        .name("api")
        .limit("GET /a/{id}", TWO.withBurst(1))
        .listener(metrics);
  }

  private double gauge(String name, String limiter) {
    return registry.get(name).tag("limiter", limiter).gauge().value();
  }

  @Test
  void howThePartsOfEndpointsStandIsShownForEachPatternAndNotForEachPath() {
    EndpointRateLimiter endpoints = endpoints().concurrency(1).build();
    endpoints.tryAcquire("GET //h/a/before");
    metrics.watch(endpoints);
    metrics.bindTo(registry);
    CompletableFuture<String> call = new CompletableFuture<>();
    var first = endpoints.executeAsync("GET //h/a/1", () -> call);
    var second = endpoints.executeAsync("GET //h/a/2", () -> call);
    for (int path = 0; path < 100; path++) {
      endpoints.acquire("/none/" + path, path == 7 ? 2 : 1);
    }

    assertThat(registry.find("weir.outbound.tokens").gauges()).hasSize(2);
    assertThat(gauge("weir.outbound.tokens", "api GET //h/a/{id}")).isZero();
    assertThat(gauge("weir.outbound.waiting", "api GET //h/a/{id}")).isEqualTo(2);
    assertThat(gauge("weir.outbound.rate", "api GET //h/a/{id}")).isEqualTo(10);
    assertThat(gauge("weir.outbound.tokens", "api (default)")).as("the fewest").isZero();
    timer.advance(100);
    assertThat(gauge("weir.outbound.waiting", "api GET //h/a/{id}"))
        .as("one waits for a place")
        .isEqualTo(1);
    assertThat(gauge("weir.outbound.tokens", "api (default)")).isEqualTo(1);

    call.complete("done");
    timer.advance(200);
    assertThat(List.of(first, second)).allMatch(CompletableFuture::isDone);
    endpoints.close();
    assertThat(registry.getMeters()).isEmpty();
    metrics.onAcquired("api GET //h/a/{id}", 1, Duration.ZERO);
    assertThat(registry.find("weir.outbound.tokens").gauges()).isEmpty();
  }

  @Test
  void aPartThatWasForgottenHasNoTokensAndIsShownAgainWhenItIsThereAgain() {
    EndpointRateLimiter endpoints = endpoints().maxEndpoints(1).build();
    metrics.bindTo(registry);
    metrics.watch(endpoints);
    endpoints.tryAcquire("GET //h1/a/1");
    timer.advance(1_000);
    endpoints.tryAcquire("GET //h2/a/1");
    assertThat(gauge("weir.outbound.tokens", "api GET //h1/a/{id}")).isNaN();
    assertThat(gauge("weir.outbound.rate", "api GET //h1/a/{id}")).isNaN();
    assertThat(gauge("weir.outbound.waiting", "api GET //h1/a/{id}")).isZero();

    timer.advance(1_000);
    endpoints.tryAcquire("GET //h1/a/1");
    assertThat(gauge("weir.outbound.tokens", "api GET //h1/a/{id}")).isZero();
    assertThat(gauge("weir.outbound.tokens", "api GET //h2/a/{id}")).isNaN();
  }

  @Test
  void theHostsOfAClientAreShownUpToTwoHundredNames() {
    RateLimitedHttpClient client =
        prepared(RateLimitedHttpClient.builder(new FakeHttpClient(), TWO))
            .name("client")
            .listener(metrics)
            .build();
    metrics.watch(client);
    metrics.bindTo(registry);
    for (int host = 0; host < 250; host++) {
      var unused =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create("http://h" + host + ".test/x")).build(),
              BodyHandlers.ofString());
    }

    assertThat(gauge("weir.outbound.tokens", "client h7.test/**")).isEqualTo(1);
    assertThat(registry.find("weir.outbound.tokens").gauges()).hasSize(200);
    assertThat(registry.find("weir.outbound.tokens").tag("limiter", "other").gauge()).isNull();
    client.close();
    assertThat(registry.find("weir.outbound.tokens").gauges()).isEmpty();
  }

  @Test
  void aClosedLimiterMakesRoomForAnotherName() {
    metrics.bindTo(registry);
    for (int i = 0; i < 200; i++) {
      metrics.onAcquired("n" + i, 1, Duration.ZERO);
    }

    metrics.onClosed("n7");
    metrics.onAcquired("new", 1, Duration.ZERO);
    assertThat(registry.get("weir.outbound.acquired").tag("limiter", "new").counter().count())
        .isEqualTo(1);
    metrics.onAcquired("one too many", 1, Duration.ZERO);
    assertThat(registry.get("weir.outbound.acquired").tag("limiter", "other").counter().count())
        .isEqualTo(1);
  }

  @Test
  void tagsAreOfBoundedLength() {
    metrics.bindTo(registry);
    metrics.onAcquired("n".repeat(1_000), 1, Duration.ZERO);

    assertThat(registry.find("weir.outbound.acquired").tag("limiter", "n".repeat(120)).counter())
        .isNotNull();
  }

  @Test
  void namesBeyondTwoHundredAreToldAsOne() {
    metrics.bindTo(registry);
    for (int i = 0; i < 250; i++) {
      metrics.onAcquired("n" + i, 1, Duration.ZERO);
      metrics.onAcquired("n0", 1, Duration.ZERO);
    }

    assertThat(registry.find("weir.outbound.acquired").counters()).hasSize(201);
    assertThat(registry.get("weir.outbound.acquired").tag("limiter", "other").counter().count())
        .isEqualTo(50);
  }

  private double gauge(String name) {
    return registry.get(name).tag("limiter", "api").gauge().value();
  }
}
