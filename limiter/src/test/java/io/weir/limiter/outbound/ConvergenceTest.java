package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.outbound.LimitingServer.Dialect;
import io.weir.limiter.outbound.LimitingServer.Served;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * An adaptive client against a real server that enforces its limit: it begins much too fast, and
 * after warm-up the server has nothing to refuse.
 */
class ConvergenceTest {
  /** Much faster than any of the servers allows. */
  private static final Limit INITIAL = Limit.tokenBucket(1_000, Duration.ofSeconds(1));

  private static final int CALLERS = 8;

  /**
   * How it went.
   *
   * @param warmUpRefused requests that were refused in the warm-up
   * @param refused those that were refused after it
   * @param perSecond requests that were served after it
   */
  private record Result(long warmUpRefused, long refused, double perSecond) {}

  @Test
  void afterWarmUpAServerThatTellsItsLimitHasNothingToRefuse() throws Exception {
    List<Result> results = new ArrayList<>();
    for (Dialect dialect : List.of(Dialect.IETF, Dialect.SECONDS_LEFT, Dialect.EPOCH_SECONDS)) {
      // Slow enough that a machine that is busy with others does not bring calls together.
      results.add(
          run(dialect, "unit: second, requests_per_unit: 20, algorithm: token_bucket", 500, 800));
    }

    assertThat(results).allSatisfy(it -> assertThat(it.refused()).isZero());
    assertThat(results).allSatisfy(it -> assertThat(it.perSecond()).isPositive());
  }

  @Test
  @EnabledIfSystemProperty(named = "weir.measure", matches = "outbound")
  void measure() throws Exception {
    StringBuilder table =
        new StringBuilder(
            "| server's limit | dialect | 429 in warm-up | 429 after | of the limit |\n");
    table.append("|---|---|---|---|---|\n");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    for (String algorithm : List.of("fixed_window", "sliding_window_log", "token_bucket")) {
      String limit =
          "unit: second, unit_multiplier: 2, requests_per_unit: 100, algorithm: " + algorithm;
      Map<Dialect, CompletableFuture<Result>> results = new EnumMap<>(Dialect.class);
      for (Dialect dialect : Dialect.values()) {
        results.put(
            dialect, CompletableFuture.supplyAsync(() -> measured(dialect, limit), threads));
      }
      results.forEach(
          (dialect, result) ->
              table.append(
                  String.format(
                      Locale.ROOT,
                      "| 100 per 2 s, %s | %s | %d | %d | %.0f %% |%n",
                      algorithm,
                      dialect,
                      result.join().warmUpRefused(),
                      result.join().refused(),
                      result.join().perSecond() * 2)));
    }
    threads.shutdown();
    System.out.println(table);
    assertThat(table).isNotEmpty();
  }

  private static Result measured(Dialect dialect, String limit) {
    try {
      return run(dialect, limit, 6_000, 14_000);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Result run(Dialect dialect, String limit, long warmUpMillis, long measuredMillis)
      throws Exception {
    try (LimitingServer server = new LimitingServer(dialect, limit);
        RateLimitedHttpClient client =
            RateLimitedHttpClient.builder(HttpClient.newHttpClient(), INITIAL).build()) {
      long startMillis = System.currentTimeMillis();
      call(client, server, warmUpMillis + measuredMillis);
      List<Served> served = server.served();
      long measuredFrom = startMillis + warmUpMillis;
      long ok =
          served.stream().filter(it -> it.atMillis() >= measuredFrom && !it.refused()).count();
      return new Result(
          served.stream().filter(it -> it.atMillis() < measuredFrom && it.refused()).count(),
          served.stream().filter(it -> it.atMillis() >= measuredFrom && it.refused()).count(),
          ok * 1_000.0 / measuredMillis);
    }
  }

  /** Calls as fast as the client lets it, so many at once, for a time. */
  private static void call(RateLimitedHttpClient client, LimitingServer server, long millis)
      throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(server.uri()).build();
    Semaphore callers = new Semaphore(CALLERS);
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (callers.tryAcquire(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
      if (System.nanoTime() >= endNanos) {
        return;
      }
      var unused =
          client
              .sendAsync(request, BodyHandlers.discarding())
              .whenComplete((response, failure) -> callers.release());
    }
  }
}
