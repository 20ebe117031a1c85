package io.weir.limiter.redis;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.rule.RuleSet;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A limiter whose state is in Redis: many processes spend from one budget, and each is answered
 * now. It decides as the one in memory does, at Redis's time. Thread-safe; one for each process is
 * right, as requests that come at the same moment travel together. Needs {@code lettuce-core} and
 * {@code resilience4j-circuitbreaker}, which this library names as optional.
 *
 * <p><b>One round trip.</b> A script judges all limits of a request at once, all or nothing. One
 * more is made for refunds, for limits whose numbers have changed since a row was written, and for
 * those that the script cannot count exactly (algorithms of the user's own, and numbers from 2^52
 * on): there rows are exchanged, and where somebody else was quicker, all is done once more.
 *
 * <p><b>When Redis is slow or gone</b>, nobody waits longer than the timeout: the request is
 * decided as its rules say ({@code on_error}), and the decision says so ({@link
 * Decision#degraded}). After many failures Redis is left alone for a moment. When it is back, it is
 * used again. The log has a warning when that begins, and a line when it ends. What was sent and
 * not answered may have been charged: that errs to deny.
 *
 * <p><b>Where the state is.</b> The rows of an identifier are in one key, {@code
 * weir:{api/user_id=42}}, which Redis removes when all of them are idle. In Redis Cluster the
 * identifier decides which server has it. A request with several identifiers is judged there in two
 * steps: each holds what it admits, and gives it back if another one refuses. So none admits more
 * than its limits, but until then others may be denied for it, and two requests that want the last
 * token of both may deny each other.
 */
public final class RedisRateLimiter implements RateLimiter, AsyncRateLimiter {
  private final RuleBasedRateLimiter limiter;
  private final RedisBackend backend;

  /** Empty where outages are told of otherwise: then nothing is added to a check. */
  private final Optional<OutageLog> outages;

  RedisRateLimiter(
      RuleBasedRateLimiter limiter, RedisBackend backend, Optional<OutageLog> outages) {
    this.limiter = limiter;
    this.backend = backend;
    this.outages = outages;
  }

  /**
   * A limiter with the defaults.
   *
   * @param uri where Redis is: {@code redis://localhost}, {@code rediss://} for TLS, {@code
   *     redis-sentinel://host1,host2/0#name}
   */
  public static RedisRateLimiter of(RuleSet rules, String uri) {
    return builder(() -> rules).uri(uri).build();
  }

  /**
   * A builder with the defaults.
   *
   * @param rules the rules in force, asked for at each request, so that they can change
   */
  public static RedisRateLimiterBuilder builder(Supplier<RuleSet> rules) {
    return new RedisRateLimiterBuilder(rules);
  }

  @Override
  public Decision check(Request request) {
    return told(limiter.check(request), decision -> decision);
  }

  @Override
  public DescriptorsDecision checkDescriptors(DescriptorsRequest request) {
    return told(limiter.checkDescriptors(request), DescriptorsDecision::decision);
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisUnavailableException if it cannot be done, or nobody knows whether it was
   */
  @Override
  public Decision refund(Request request, long chargedAtMillis) {
    return limiter.refund(request, chargedAtMillis);
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisUnavailableException if it cannot be done, or nobody knows whether it was
   */
  @Override
  public Decision reset(Request request) {
    return limiter.reset(request);
  }

  @Override
  public CompletionStage<Decision> checkAsync(Request request) {
    return toldLater(limiter.checkAsync(request), decision -> decision);
  }

  @Override
  public CompletionStage<DescriptorsDecision> checkDescriptorsAsync(DescriptorsRequest request) {
    return toldLater(limiter.checkDescriptorsAsync(request), DescriptorsDecision::decision);
  }

  /**
   * {@inheritDoc} The stage fails with {@link RedisUnavailableException} as {@link #refund} does.
   */
  @Override
  public CompletionStage<Decision> refundAsync(Request request, long chargedAtMillis) {
    return limiter.refundAsync(request, chargedAtMillis);
  }

  /**
   * {@inheritDoc} The stage fails with {@link RedisUnavailableException} as {@link #reset} does.
   */
  @Override
  public CompletionStage<Decision> resetAsync(Request request) {
    return limiter.resetAsync(request);
  }

  /**
   * What Redis remembers of an identifier, whatever the rules are now; nothing is charged. Of the
   * rows some may be idle, and decide as if they were not there.
   *
   * @param identifier who is limited, as decisions have it: {@code api/user_id=42}
   * @return the rows; the stage fails with {@link RedisUnavailableException} where Redis does not
   *     answer within the timeout
   */
  public CompletionStage<StoredRows> inspect(String identifier) {
    return backend.inspect(identifier);
  }

  private <T> T told(T answer, Function<T, Decision> decision) {
    outages.ifPresent(log -> log.decided(decision.apply(answer)));
    return answer;
  }

  private <T> CompletionStage<T> toldLater(
      CompletionStage<T> asked, Function<T, Decision> decision) {
    return outages.isEmpty() ? asked : asked.thenApply(answer -> told(answer, decision));
  }

  /** Closes the connection. */
  @Override
  public void close() {
    limiter.close();
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return "RedisRateLimiter[" + backend + "]";
  }
}
