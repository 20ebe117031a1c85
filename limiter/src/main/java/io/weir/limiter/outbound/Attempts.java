package io.weir.limiter.outbound;

import io.weir.limiter.http.RateLimitAnswer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The attempts at one request: their number, their time, and whether there is another one. Used by
 * one attempt at a time.
 */
final class Attempts {
  private final HttpRequest request;
  private final RetrySettings rules;
  private final LongSupplier clockMillis;
  private final Duration maxWait;
  private final long startMillis;
  private final boolean replayable;
  private final AtomicInteger number = new AtomicInteger();

  /** When it was sent first; the clock's largest number before. */
  private volatile long firstSentMillis = Long.MAX_VALUE;

  private volatile Optional<Duration> pause = Optional.empty();

  /** Whether the caller's handler was given an answer: a part of its body may be in use. */
  private volatile boolean handedOver;

  /**
   * The attempts at a request, of which none was made yet.
   *
   * @param clockMillis a clock that is never set back
   * @param maxWait how long a request without a timeout may wait
   */
  Attempts(HttpRequest request, RetrySettings rules, LongSupplier clockMillis, Duration maxWait) {
    this.request = request;
    this.rules = rules;
    this.clockMillis = clockMillis;
    this.maxWait = maxWait;
    this.startMillis = clockMillis.getAsLong();
    this.replayable = rules.attempts() > 1 && rules.isReplayable(request);
  }

  /** What follows an answer before its body is read. */
  @FunctionalInterface
  interface Follower {
    /** Follows an answer and says how long a further call would have to wait for its turn. */
    Duration follow(RateLimitAnswer answer);
  }

  /** Reads an answer's header fields. */
  @FunctionalInterface
  interface Reader {
    RateLimitAnswer read(ResponseInfo info);
  }

  /** A further attempt begins. */
  void begin() {
    number.incrementAndGet();
    pause = Optional.empty();
  }

  /** How long the next attempt may wait for its turn. */
  Duration deadline() {
    Duration wait = request.timeout().map(this::left).orElse(maxWait);
    if (firstSentMillis == Long.MAX_VALUE) {
      return wait;
    }
    Duration retried =
        Duration.ofMillis(
            Math.max(0, rules.totalMillis() - sentForMillis(clockMillis.getAsLong())));
    return retried.compareTo(wait) < 0 ? retried : wait;
  }

  private Duration left(Duration timeout) {
    return Duration.ofMillis(
        Math.max(0, Times.millis(timeout) - (clockMillis.getAsLong() - startMillis)));
  }

  private long sentForMillis(long nowMillis) {
    return Math.max(0, nowMillis - firstSentMillis);
  }

  /** The request that is sent now, with as much of its timeout as is left after the wait. */
  HttpRequest timed() {
    if (firstSentMillis == Long.MAX_VALUE) {
      firstSentMillis = clockMillis.getAsLong();
    }
    Optional<Duration> timeout = request.timeout();
    if (timeout.isEmpty() || clockMillis.getAsLong() == startMillis) {
      return request;
    }
    // A timeout of nothing is none that can be set.
    Duration left = left(timeout.get());
    return HttpRequest.newBuilder(request, (name, value) -> true)
        .timeout(left.isZero() ? Duration.ofMillis(1) : left)
        .build();
  }

  /**
   * A handler that looks at the answer first, and drops the body of one that is asked for again: it
   * must not come to who wants the last one.
   */
  <T> BodyHandler<T> watching(BodyHandler<T> handler, Reader reader, Follower follower) {
    AtomicBoolean first = new AtomicBoolean(true);
    return info -> {
      RateLimitAnswer answer = reader.read(info);
      Duration turn = follower.follow(answer);
      if (first.getAndSet(false)) {
        boolean asks = info.headers().firstValue("Retry-After").isPresent();
        // Who asks for a time that is not believed does not want to be asked again soon.
        pause =
            asks && answer.retryAfterMillis().isEmpty()
                ? Optional.empty()
                : pauseAfter(answer, turn);
      }
      if (pause.isPresent()) {
        return BodySubscribers.replacing(nothing());
      }
      handedOver = true;
      return handler.apply(info);
    };
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // Nobody sees that body.
  private static <T> T nothing() {
    return (T) null;
  }

  private Optional<Duration> pauseAfter(RateLimitAnswer answer, Duration turn) {
    boolean asked = answer.retryAfterMillis().isPresent();
    boolean safe = rules.isIdempotent(request) || (asked && answer.isRateRefusal());
    if (!answer.isRefusal() || !safe) {
      return Optional.empty();
    }
    return inTime(
        asked
            ? rules.pauseMillis(answer.retryAfterMillis().getAsLong())
            : rules.backoffMillis(number.get()),
        turn);
  }

  /** Whether there is another attempt after a failure, and after what pause. */
  Optional<Duration> pauseAfter(Throwable failure) {
    boolean again =
        failure instanceof IOException
            && !(failure instanceof HttpTimeoutException)
            && !handedOver
            && rules.isIdempotent(request);
    return again ? inTime(rules.backoffMillis(number.get()), Duration.ZERO) : Optional.empty();
  }

  /** Whether there is another attempt after an answer, and after what pause. */
  Optional<Duration> pauseAfterAnswer() {
    return pause;
  }

  private Optional<Duration> inTime(long pauseMillis, Duration turn) {
    long nowMillis = clockMillis.getAsLong();
    long waitMillis = Math.max(pauseMillis, Times.millis(turn));
    boolean inTotal = sentForMillis(nowMillis) + waitMillis <= rules.totalMillis();
    boolean inTimeout =
        nowMillis - startMillis + waitMillis
            <= request.timeout().map(Times::millis).orElse(Long.MAX_VALUE);
    return replayable && number.get() < rules.attempts() && inTotal && inTimeout
        ? Optional.of(Duration.ofMillis(pauseMillis))
        : Optional.empty();
  }
}
