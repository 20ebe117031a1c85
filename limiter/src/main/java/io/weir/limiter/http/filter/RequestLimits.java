package io.weir.limiter.http.filter;

import io.weir.limiter.AsyncGuard;
import io.weir.limiter.Decision;
import io.weir.limiter.Guard;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.http.Problem;
import io.weir.limiter.http.RateLimitHeaders;
import io.weir.limiter.http.RequestPaths;
import io.weir.limiter.http.filter.Outcome.Decided;
import io.weir.limiter.http.filter.Outcome.Failed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What a filter does whatever the server is: says what the limiter is to be asked about a request,
 * and what is answered. Made by a {@link FilterBuilder}. Thread-safe.
 */
public final class RequestLimits {
  /** Longer than any limiter may take; it answers in time whatever its backend does. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  /** What is to be done with a request that just came. */
  public sealed interface Step {
    /** It goes on, and nobody is asked. */
    record GoOn() implements Step {}

    /**
     * It is not served.
     *
     * @param denial what is answered
     */
    record Refuse(Denial denial) implements Step {}

    /**
     * The limiter is asked.
     *
     * @param question what it is asked
     */
    record Ask(Request question) implements Step {}
  }

  private final String attribute;
  private final RequestReader reader;
  private final Predicate<IncomingRequest> skips;
  private final boolean chargesPreflights;
  private final RateLimitHeaders headers;
  private final boolean failsOpen;
  private final boolean waits;
  private final Duration maxWait;
  private final FailureLog failures;
  private final FailureLog unread;

  RequestLimits(FilterBuilder<?> from) {
    this.attribute = RequestLimits.class.getName() + "." + from.domain;
    this.unread = new FailureLog("A request could not be read in full", from.clock);
    this.reader = new RequestReader(from.domain, from.extractors, from.cost, unread);
    this.skips = from.skips;
    this.chargesPreflights = from.chargesPreflights;
    this.headers = new RateLimitHeaders(from.style, from.resetForm);
    this.failsOpen = from.failsOpen;
    this.waits = from.waits;
    this.maxWait = from.maxWait;
    this.failures = new FailureLog("The limits of a request could not be checked", from.clock);
  }

  /** The name under which a request notes that it was charged, as that is done once. */
  public String attribute() {
    return attribute;
  }

  /** The longest time that a request takes until it goes on or is answered. */
  public Duration longest() {
    return maxWait.plus(LONGEST_ANSWER);
  }

  /** The number of requests that could not be checked as the limiter failed. */
  public long failures() {
    return failures.failures();
  }

  /** How often an extractor, the cost or the test to skip threw, or the cost was negative. */
  public long unread() {
    return unread.failures();
  }

  /** This guard with turns as the settings say. */
  public Guard inTurn(Guard guard) {
    return waits
        ? guard.maxWait(maxWait).onRefundFailure(this::notGivenBack)
        : guard.waiter(delay -> {}).maxWaiting(Integer.MAX_VALUE);
  }

  /** As above, for who holds no thread. */
  public AsyncGuard inTurn(AsyncGuard guard) {
    return waits
        ? guard.maxWait(maxWait).onRefundFailure(this::notGivenBack)
        : guard.delays(RequestLimits::atOnce);
  }

  private static Future<?> atOnce(Duration delay, Runnable work) {
    work.run();
    return CompletableFuture.completedFuture(delay);
  }

  private void notGivenBack(Throwable failure) {
    failures.add(failure, "its tokens were not given back");
  }

  /** Begins with a request that was not charged yet. */
  public Step begin(IncomingRequest request, RateLimitHeaders.Answer answer) {
    if (RequestPaths.isAmbiguous(request.uriPath(), request.contextPath(), request.path())) {
      return new Step.Refuse(refusal(answer, Problem.ambiguousPath()));
    }
    if (isSkipped(request) || (!chargesPreflights && isPreflight(request))) {
      return new Step.GoOn();
    }
    try {
      return new Step.Ask(reader.read(request));
    } catch (RepeatedFieldException e) {
      return new Step.Refuse(refusal(answer, Problem.repeatedField(e.field())));
    }
  }

  /** What cannot tell is no reason to refuse all requests, nor to let them all pass. */
  private boolean isSkipped(IncomingRequest request) {
    try {
      return skips.test(request);
    } catch (RuntimeException e) {
      unread.add(e, "it was not skipped");
      return false;
    }
  }

  /** What browsers send by themselves before a request to another origin, as Fetch has it. */
  private static boolean isPreflight(IncomingRequest request) {
    return "OPTIONS".equals(request.method())
        && request.header("Origin").isPresent()
        && request.header("Access-Control-Request-Method").isPresent();
  }

  /** Asks, and waits for the turn on the caller's thread. */
  public Outcome ask(Guard guard, Request question) {
    try {
      return new Decided(question, guard.decide(question));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Failed(e);
    } catch (RuntimeException e) {
      return new Failed(e);
    }
  }

  /**
   * Asks, and lets the turn come without holding a thread. Who cancels the result before it is
   * there has taken nothing.
   *
   * @return the decision, in {@link #longest} at most; fails if the limiter does
   */
  public CompletableFuture<Decision> ask(AsyncGuard guard, Request question) {
    try {
      return guard.decide(question).orTimeout(longest().toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Tells in the answer what came of asking.
   *
   * @return what is answered if the request is not served; empty if it goes on
   */
  public Optional<Denial> tell(Outcome outcome, RateLimitHeaders.Answer answer) {
    if (outcome instanceof Failed failed) {
      return fail(failed.failure(), answer);
    }
    Decision decision = ((Decided) outcome).decision();
    if (decision.reason() == Reason.INVALID_REQUEST) {
      String why = decision.message().orElse("no identifier can be made");
      return fail(new IllegalStateException(why), answer);
    }
    headers.tell(answer, decision);
    return decision.isAllowed()
        ? Optional.empty()
        : Optional.of(refusal(answer, Problem.of(decision), Optional.of(decision)));
  }

  private Optional<Denial> fail(Throwable failure, RateLimitHeaders.Answer answer) {
    headers.tellFailed(answer);
    if (failsOpen && !(failure instanceof InterruptedException)) {
      failures.add(failure, "the request went on");
      return Optional.empty();
    }
    failures.add(failure, "the request was denied");
    return Optional.of(refusal(answer, Problem.unavailable()));
  }

  private static Denial refusal(RateLimitHeaders.Answer answer, Problem problem) {
    return refusal(answer, problem, Optional.empty());
  }

  private static Denial refusal(
      RateLimitHeaders.Answer answer, Problem problem, Optional<Decision> decision) {
    // RFC 6585, section 4: an answer with 429 must not be stored.
    answer.set("Cache-Control", "no-store");
    return new Denial(problem, decision);
  }
}
