package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Calls under a token bucket of fixed numbers, those that must wait in arrival order.
 *
 * <pre>{@code
 * try (var limiter = TokenBucketRateLimiter.of(Limit.tokenBucket(10, Duration.ofSeconds(1)))) {
 *   String answer = limiter.execute(() -> ask());
 * }
 * }</pre>
 *
 * <p>In any span of d milliseconds calls of at most {@code burst + requests * (d + 1) / period}
 * tokens start, whatever the timer does; where it is late, calls catch up by as much as the burst
 * allows. With a burst of 1 that is nothing, so give a limit of many calls per second a burst of a
 * few. A clock that is set back neither grants nor takes tokens, and keeps nobody waiting: refill
 * goes on from the new time.
 *
 * <p>Thread-safe. No lock is held while a call, a listener or an executor runs.
 */
public final class TokenBucketRateLimiter implements OutboundRateLimiter {
  private final OutboundContext context;
  private final TurnQueue queue;

  TokenBucketRateLimiter(OutboundContext context, Limit limit) {
    this.context = context;
    this.queue = new TurnQueue(context, limit);
  }

  /**
   * A limiter with the defaults of {@link #builder}.
   *
   * @throws IllegalArgumentException if the limit is no {@link Limit#tokenBucket}, or of 0 requests
   */
  public static TokenBucketRateLimiter of(Limit limit) {
    return builder(limit).build();
  }

  /** A limiter with settings of its own, full at the start. */
  public static Builder builder(Limit limit) {
    return new Builder(limit);
  }

  /**
   * Settings from properties {@code weir.outbound.<name>.…}: {@code requests}, {@code period},
   * {@code burst}, {@code max.waiting}, {@code max.wait}. Other settings can be set on the builder.
   *
   * @param name the name in the properties, and the object's name; of letters, digits, dashes and
   *     underscores
   * @param properties strings by strings, as {@link java.util.Properties} or another map
   * @throws IllegalArgumentException if a setting is unknown, missing or wrong; the message names
   *     it and what would be right
   */
  public static Builder builder(String name, Map<?, ?> properties) {
    return OutboundBuilder.of(name, properties, settings -> builder(settings.limit()));
  }

  /** The settings of a limiter. */
  public static final class Builder extends OutboundBuilder<Builder> {
    private final Limit limit;

    Builder(Limit limit) {
      this.limit = limit;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The limiter.
     *
     * @throws IllegalArgumentException if the limit is no {@link Limit#tokenBucket}, or of 0
     *     requests
     */
    public TokenBucketRateLimiter build() {
      Bucket.requireUsable(limit);
      return new TokenBucketRateLimiter(context(), limit);
    }
  }

  @Override
  public String name() {
    return context.name();
  }

  @Override
  public <T> T execute(Callable<T> call) throws Exception {
    return execute(call, 1, context.maxWait());
  }

  @Override
  public <T> T execute(Callable<T> call, long tokens, Duration deadline) throws Exception {
    Objects.requireNonNull(call, "call");
    return Calls.run(reserve(tokens, deadline), call);
  }

  @Override
  public <T> CompletableFuture<T> executeAsync(Supplier<? extends CompletionStage<T>> call) {
    return executeAsync(call, 1, context.maxWait());
  }

  @Override
  public <T> CompletableFuture<T> executeAsync(
      Supplier<? extends CompletionStage<T>> call, long tokens, Duration deadline) {
    Objects.requireNonNull(call, "call");
    return queue.start(call, tokens, deadline, () -> {});
  }

  @Override
  public void updateRateLimit(Limit limit) {
    Bucket.requireUsable(limit);
    queue.adjust((it, now) -> Optional.of(changed -> changed.update(now, limit)));
  }

  @Override
  public Limit limit() {
    return queue.limit();
  }

  @Override
  public Duration acquire(long tokens) {
    return queue.acquire(tokens);
  }

  @Override
  public CompletableFuture<Void> reserve(long tokens, Duration deadline) {
    return queue.reserve(tokens, deadline);
  }

  @Override
  public long availableTokens() {
    return queue.availableTokens();
  }

  @Override
  public int waiting() {
    return queue.waiting();
  }

  @Override
  public void close() {
    queue.close();
    context.close(TokenBucketRateLimiter.class);
  }

  /** Where calls wait. */
  TurnQueue queue() {
    return queue;
  }

  @Override
  public String toString() {
    return "TokenBucketRateLimiter[" + context.name() + ": " + queue + "]";
  }
}
