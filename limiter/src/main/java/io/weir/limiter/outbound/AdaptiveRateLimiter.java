package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RateLimitAnswer;
import io.weir.limiter.outbound.ServerModel.Advice;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls under the limit that the server itself tells in its answers, see {@link RateLimitAnswer}
 * for the fields that are read.
 *
 * <pre>{@code
 * HttpResponse<String> response = limiter.execute(() -> client.send(request, ofString()));
 * limiter.onAnswer(response.statusCode(), response.headers()::allValues);
 * }</pre>
 *
 * <p>Until the server says something the initial limit holds. Then the rate is the safety factor
 * times what the server grants, and the burst is the rest of it: together they never exceed the
 * quota in any window, so where nobody else calls on the same account the server has nothing to
 * refuse. What is left by the server's count slows the rate where others do call, until the reset;
 * if nothing is left, calls wait for the reset. A refusal (429, 503, GitHub's 403) makes all calls
 * wait for as long as it says; one that does not say for a second, two after the next one, and so
 * on, and the rate is halved where the server tells none. What is absent or absurd changes nothing.
 *
 * <p>Thread-safe. {@link TokenBucketRateLimiter} says what holds for its waiting calls.
 */
public final class AdaptiveRateLimiter implements OutboundRateLimiter {
  private static final Logger LOG = System.getLogger(AdaptiveRateLimiter.class.getName());

  private final OutboundContext context;
  private final TurnQueue queue;
  private final Duration longest;
  private final AtomicInteger underWay = new AtomicInteger();

  // Under the lock of the queue.
  private ServerModel model;
  private final Alarm alarm;
  private boolean closed;

  AdaptiveRateLimiter(OutboundContext context, AdaptiveRules rules) {
    this.context = context;
    this.queue = new TurnQueue(context, rules.initial());
    this.longest = rules.longest();
    this.model = ServerModel.unknown(rules);
    this.alarm = new Alarm(context.timer(), this::onReset);
  }

  /**
   * A limiter with settings of its own.
   *
   * @param initial the limit as long as the server says nothing
   */
  public static Builder builder(Limit initial) {
    return new Builder(initial);
  }

  /**
   * Settings from properties {@code weir.outbound.<name>.…}: those of {@link
   * TokenBucketRateLimiter} for the initial limit, {@code safety}, {@code minimum.requests}, {@code
   * minimum.period}, {@code maximum.requests}, {@code maximum.period}, {@code longest}, {@code
   * first.pause}. Other settings can be set on the builder.
   *
   * @param name the name in the properties, and the object's name; of letters, digits, dashes and
   *     underscores
   * @param properties strings by strings, as {@link java.util.Properties} or another map
   * @throws IllegalArgumentException if a setting is unknown, missing or wrong; the message names
   *     it and what would be right
   */
  public static Builder builder(String name, Map<?, ?> properties) {
    return OutboundBuilder.of(
        name,
        properties,
        settings -> {
          Builder builder = builder(settings.limit());
          builder.settings.read(settings);
          return builder;
        });
  }

  /** The settings of an adaptive limiter. */
  public static final class Builder extends OutboundBuilder<Builder> {
    private final Limit initial;
    private final AdaptiveSettings settings = new AdaptiveSettings();

    Builder(Limit initial) {
      this.initial = initial;
    }

    @Override
    Builder self() {
      return this;
    }

    /** Sets how the server's word is followed. */
    public Builder adaptive(Consumer<AdaptiveSettings> change) {
      change.accept(settings);
      return this;
    }

    /**
     * The limiter.
     *
     * @throws IllegalArgumentException if the limit is no {@link Limit#tokenBucket}, or of 0
     *     requests, or the minimum is above the maximum
     */
    public AdaptiveRateLimiter build() {
      AdaptiveRules rules = settings.copy().rules(Bucket.requireUsable(initial));
      return new AdaptiveRateLimiter(context(), rules);
    }
  }

  /**
   * Follows an answer. Call it for each answer, refusals too, before the call's own end where that
   * can be.
   *
   * @param status the HTTP status
   * @param headers the values of the header field of a name, see {@link RateLimitAnswer#parse}
   */
  public void onAnswer(int status, Function<String, ? extends @Nullable List<String>> headers) {
    onAnswer(RateLimitAnswer.parse(status, headers, context.wallClock().instant(), longest));
  }

  /** Follows an answer that was read already. */
  public void onAnswer(RateLimitAnswer answer) {
    queue.adjust(
        (bucket, now) -> {
          int others = Math.max(0, underWay.get() - 1);
          ServerModel next = model.after(answer, now, others);
          model = next;
          return follow(bucket, now, answer.isRefusal());
        });
  }

  /** Does what the model advises; under the lock of the queue. */
  private Optional<Consumer<Bucket>> follow(Bucket bucket, long now, boolean refused) {
    Advice advice = model.advice(now);
    setAlarm(now, advice.changesAtMillis());
    OptionalLong atMost = refused ? OptionalLong.of(0) : advice.tokensAtMost();
    boolean same =
        bucket.limit().equals(advice.limit())
            && bucket.available(now) <= atMost.orElse(Long.MAX_VALUE)
            && now + bucket.pauseMillis(now) >= advice.pausedUntilMillis()
            && !refused;
    if (same) {
      return Optional.empty();
    }
    return Optional.of(
        it -> {
          if (!it.limit().equals(advice.limit())) {
            it.update(now, advice.limit());
          }
          atMost.ifPresent(tokens -> it.leaveAtMost(now, tokens));
          if (advice.pausedUntilMillis() > now + it.pauseMillis(now)) {
            it.pauseUntil(now, advice.pausedUntilMillis());
          }
        });
  }

  /** A window that ends frees the rate, though no answer says so. */
  private void setAlarm(long now, OptionalLong atMillis) {
    // Closed: nobody calls any more, though answers may still come.
    if (atMillis.isEmpty() || closed) {
      alarm.clear();
      return;
    }
    try {
      alarm.set(now, atMillis.getAsLong());
    } catch (Throwable e) {
      // The answer is followed all the same; the next one tries again.
      LOG.log(Level.DEBUG, () -> "the timer of '" + context.name() + "' failed: " + e);
    }
  }

  private void onReset(Alarm.Ring ring) {
    queue.adjust(
        (bucket, now) -> {
          alarm.rang(ring);
          return follow(bucket, now, false);
        });
  }

  /** A call starts: until it ended, what the server counts may not have it. */
  void began() {
    underWay.incrementAndGet();
  }

  void ended() {
    underWay.decrementAndGet();
  }

  /** Who waits does so here. */
  TurnQueue queue() {
    return queue;
  }

  @Override
  public String name() {
    return context.name();
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
  public <T> T execute(Callable<T> call) throws Exception {
    return execute(call, 1, context.maxWait());
  }

  @Override
  public <T> T execute(Callable<T> call, long tokens, Duration deadline) throws Exception {
    Objects.requireNonNull(call, "call");
    return Calls.run(
        reserve(tokens, deadline),
        () -> {
          began();
          try {
            return call.call();
          } finally {
            ended();
          }
        });
  }

  @Override
  public <T> CompletableFuture<T> executeAsync(Supplier<? extends CompletionStage<T>> call) {
    return executeAsync(call, 1, context.maxWait());
  }

  @Override
  public <T> CompletableFuture<T> executeAsync(
      Supplier<? extends CompletionStage<T>> call, long tokens, Duration deadline) {
    Objects.requireNonNull(call, "call");
    return queue.start(
        () -> {
          began();
          return call.get();
        },
        tokens,
        deadline,
        this::ended);
  }

  @Override
  public long availableTokens() {
    return queue.availableTokens();
  }

  @Override
  public int waiting() {
    return queue.waiting();
  }

  /**
   * Starts anew with another initial limit: what the server said is forgotten, a pause is over.
   * Else as in {@link OutboundRateLimiter#updateRateLimit}.
   */
  @Override
  public void updateRateLimit(Limit limit) {
    Bucket.requireUsable(limit);
    queue.adjust(
        (bucket, now) -> {
          model = model.withInitial(limit);
          setAlarm(now, OptionalLong.empty());
          return Optional.of(
              it -> {
                it.pauseUntil(now, now);
                it.update(now, model.rules().initial());
              });
        });
  }

  @Override
  public void close() {
    queue.adjust(
        (bucket, now) -> {
          closed = true;
          setAlarm(now, OptionalLong.empty());
          return Optional.empty();
        });
    queue.close();
    context.close(AdaptiveRateLimiter.class);
  }

  @Override
  public String toString() {
    return "AdaptiveRateLimiter[" + context.name() + ": " + queue + "]";
  }
}
