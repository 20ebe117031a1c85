package io.weir.limiter.outbound;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;

/**
 * What is sent again, and how often. Not thread-safe.
 *
 * <p>Sent again is, if its body can be sent again:
 *
 * <ul>
 *   <li>any request that was refused for its rate (429, GitHub's 403) with {@code Retry-After}: the
 *       server did not do it and asks for it again;
 *   <li>a request of an idempotent method (RFC 9110, section 9.2.2) that was refused otherwise
 *       (503, or without {@code Retry-After}), or that failed with an IOException that is no
 *       time-out before its answer came: once the caller's body handler was given one, it may be in
 *       use.
 * </ul>
 */
public final class RetrySettings {
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

  private int attempts = 1;
  private Duration total = Duration.ofMinutes(1);
  private Duration firstPause = Duration.ofSeconds(1);
  private LongUnaryOperator jitter = most -> ThreadLocalRandom.current().nextLong(most + 1);
  private Predicate<HttpRequest> replayable = RetrySettings::hasKnownLength;

  RetrySettings() {}

  /**
   * How often a request is sent at most, the first time counted; 1 if not set, which is never
   * again.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public RetrySettings attempts(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("attempts is " + most + "; it must be 1 or more");
    }
    attempts = most;
    return this;
  }

  /**
   * Within what time of the first attempt's start, which is after its wait, the last one may start;
   * a minute if not set. An answer that asks for a longer wait is returned as it is.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RetrySettings total(Duration duration) {
    total = Times.requireNotNegative("total", duration);
    return this;
  }

  /**
   * How long to wait where the server does not say, the first time; twice as long each time after.
   * A second if not set. Half of it is chance.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RetrySettings firstPause(Duration duration) {
    firstPause = Times.requireNotNegative("firstPause", duration);
    return this;
  }

  /**
   * Chance: a number from 0 to the one given, both included. Waits of many clients spread by it.
   */
  public RetrySettings jitter(LongUnaryOperator newJitter) {
    jitter = newJitter;
    return this;
  }

  /**
   * Which requests have a body that can be sent again. If not set, those without one, and those
   * whose length is known: texts, bytes and files. That is not so for a body made by {@code
   * fromPublisher} with a length whose publisher can be subscribed to only once.
   */
  public RetrySettings replayable(Predicate<HttpRequest> newReplayable) {
    replayable = newReplayable;
    return this;
  }

  void read(OutboundProperties properties) {
    properties.integer("retry.attempts", 1, this::attempts);
    properties.duration("retry.total", this::total);
    properties.duration("retry.first.pause", this::firstPause);
  }

  private static boolean hasKnownLength(HttpRequest request) {
    return request.bodyPublisher().map(BodyPublisher::contentLength).orElse(0L) >= 0;
  }

  /** The same settings, which no later change of these reaches. */
  RetrySettings copy() {
    return new RetrySettings()
        .attempts(attempts)
        .total(total)
        .firstPause(firstPause)
        .jitter(jitter)
        .replayable(replayable);
  }

  int attempts() {
    return attempts;
  }

  long totalMillis() {
    return Times.millis(total);
  }

  boolean isReplayable(HttpRequest request) {
    return replayable.test(request);
  }

  boolean isIdempotent(HttpRequest request) {
    return IDEMPOTENT.contains(request.method());
  }

  /** A wait that the server asked for: never shorter, up to a tenth longer. */
  long pauseMillis(long askedMillis) {
    return askedMillis + jitter.applyAsLong(askedMillis / 10);
  }

  /** A wait that the server did not ask for, after so many attempts. */
  long backoffMillis(int attempt) {
    long most = Math.min(Times.millis(firstPause) << Math.min(attempt - 1, 20), totalMillis());
    return most - most / 2 + jitter.applyAsLong(most / 2);
  }
}
