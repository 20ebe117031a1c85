package io.weir.limiter;

import io.weir.limiter.rule.RuleSet;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Judges requests by rules, now, without holding up who asks. What is promised of {@link
 * RateLimiter} holds here too. Implementations are thread-safe.
 *
 * <p>Stages may be completed by a thread that brings the answers of others as well: what follows
 * must not block it. A stage that is cancelled says nothing to the limiter; the request may be
 * charged.
 */
public interface AsyncRateLimiter extends AutoCloseable {

  /**
   * A limiter that keeps its state on the heap, with the defaults of {@link InMemoryBackend}, as
   * {@link RateLimiter#inMemory} has it: its stages are complete when they are returned. Who wants
   * another bound on rows, other rules later or a clock builds a {@link RuleBasedRateLimiter}.
   */
  static AsyncRateLimiter inMemory(RuleSet rules) {
    return new RuleBasedRateLimiter(
        () -> rules, InMemoryBackend.builder().build(), InstantSource.system());
  }

  /**
   * Judges one request: {@link RateLimiter#check}.
   *
   * @throws IllegalStateException if the limiter is closed
   */
  CompletionStage<Decision> checkAsync(Request request);

  /**
   * Judges one request whose descriptors are spelt out: {@link RateLimiter#checkDescriptors}.
   *
   * @throws IllegalStateException if the limiter is closed
   */
  CompletionStage<DescriptorsDecision> checkDescriptorsAsync(DescriptorsRequest request);

  /**
   * Gives back what a request took: {@link RateLimiter#refund}.
   *
   * @param chargedAtMillis {@link Decision#nowMillis()} of its decision
   * @throws IllegalArgumentException if the cost is 0, or the time below 0
   * @throws IllegalStateException if the limiter is closed
   */
  CompletionStage<Decision> refundAsync(Request request, long chargedAtMillis);

  /**
   * Forgets all that is remembered of the identifiers of a request: {@link RateLimiter#reset}.
   *
   * @throws IllegalStateException if the limiter is closed
   */
  CompletionStage<Decision> resetAsync(Request request);

  /**
   * Makes a call if the request is allowed, in its turn where a leaky bucket gives it one: {@link
   * AsyncGuard}, with its defaults.
   *
   * @return what the call's stage gives; fails with {@link RateLimitExceededException} if the
   *     request is denied, and with what the call throws
   * @throws IllegalStateException if the limiter is closed
   */
  default <T> CompletableFuture<T> guardAsync(
      Request request, Supplier<? extends CompletionStage<T>> call) {
    return AsyncGuard.of(this).call(request, call);
  }

  /** Gives up what the limiter holds; checks afterwards fail. */
  @Override
  void close();
}
