package io.weir.limiter.outbound;

import static org.awaitility.Awaitility.await;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

/** A limiter of ten per second, and calls that leave their name when they start. */
abstract class TokenBucketKit extends OutboundKit {
  /** A token every 100 ms, 5 at once. */
  static final Limit TEN = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(5);

  final TokenBucketRateLimiter limiter = builder(TEN).build();
  final List<String> started = new ArrayList<>();

  final TokenBucketRateLimiter.Builder builder(Limit limit) {
    return prepared(TokenBucketRateLimiter.builder(limit)).name("api");
  }

  @AfterEach
  void close() {
    limiter.close();
  }

  final CompletableFuture<String> executeAsync(String name, long tokens) {
    return limiter.executeAsync(
        () -> {
          started.add(name);
          return CompletableFuture.completedFuture(name);
        },
        tokens,
        LONG);
  }

  final void queue(String name, long tokens) {
    var unused = executeAsync(name, tokens);
  }

  /** Returns when the call waits. */
  static CompletableFuture<String> executeOnAThread(
      OutboundRateLimiter limiter, long tokens, Duration deadline) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    int before = limiter.waiting();
    new Thread(
            () -> {
              try {
                answer.complete(limiter.execute(() -> "ran", tokens, deadline));
              } catch (Exception e) {
                answer.completeExceptionally(e);
              }
            })
        .start();
    await().until(() -> answer.isDone() || limiter.waiting() > before);
    return answer;
  }
}
