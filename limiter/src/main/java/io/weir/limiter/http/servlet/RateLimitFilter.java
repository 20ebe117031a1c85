package io.weir.limiter.http.servlet;

import io.weir.limiter.AsyncGuard;
import io.weir.limiter.Decision;
import io.weir.limiter.Guard;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.http.RequestPaths;
import io.weir.limiter.http.servlet.Outcome.Decided;
import io.weir.limiter.http.servlet.Outcome.Failed;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Asks a limiter about each HTTP request before the application sees it. Works in every container
 * of Jakarta Servlet 6. Thread-safe.
 *
 * <pre>{@code
 * context.addFilter("limits", RateLimitFilter.builder(limiter).domain("api").build())
 *     .addMappingForUrlPatterns(null, false, "/*");
 * }</pre>
 *
 * <p><b>Answers.</b> A request that is denied is answered with 429 and problem+json, one that is
 * allowed goes on; both are told how their limits stand. Where the state of the limits could not be
 * asked, what the rule's {@code on_error} says is done: a denial is then 503, and {@code
 * Weir-Degraded} says which it was: {@code allow}, {@code deny} or {@code local}.
 *
 * <p><b>Failures.</b> Where the limiter throws, or the decision is {@link Reason#INVALID_REQUEST},
 * which is no fault of the client's as it does not choose the rules, the request goes on with
 * {@code Weir-Degraded: failed}, or is answered with 503 if the filter is to be closed then. It is
 * counted, and logged at most once a minute.
 *
 * <p><b>What cannot be read.</b> Where an extractor throws, the request lacks its attribute and is
 * judged by the others; a cost that throws or is negative is taken to be 1. So no client switches
 * limits off by what it sends. It is counted and logged for itself.
 *
 * <p><b>Keys.</b> A request that has the header of a hashed key several times is answered with 400:
 * else who sends two chooses which one is charged and which one is checked.
 *
 * <p><b>Paths.</b> A request whose path can be read in two ways is answered with 400, as one limit
 * would judge what another handler serves: the URI has a segment {@code .} or {@code ..} in any
 * spelling, or a slash written {@code %2F} that the container decoded. Browsers send neither.
 *
 * <p><b>Once.</b> Only what the client sends is charged: no forward, no error page and no
 * redispatch of an asynchronous request, and nothing twice where two filters of one domain are
 * mapped. Filters of different domains charge each for itself, and tell together: the lists {@code
 * RateLimit}, {@code RateLimit-Policy} and {@code Weir-Degraded} have the items of all, {@code
 * X-RateLimit-*} are of the limit that denied, or else of the one that leaves the fewest requests.
 *
 * <p><b>Preflights</b> of CORS ({@code OPTIONS} with {@code Origin} and {@code
 * Access-Control-Request-Method}) are not charged unless that is set, as browsers send them by
 * themselves.
 *
 * <p><b>Turns.</b> Where a leaky bucket gave the request a turn, it waits for it, by default on the
 * container's thread; for how long and how many at most are settings; who is above is denied.
 *
 * <p><b>Asynchronous.</b> With {@link RateLimitFilterBuilder#async} no thread of the container is
 * held by a limiter that asks a server, or by a turn. The rest of the chain then runs in a dispatch
 * of the type {@code ASYNC}, which the request does not show. So this filter, and <b>every filter
 * and servlet behind it, must be mapped for ASYNC and support it</b>: the container leaves out what
 * is not, one that authenticates as well. Where a request does not support it, the thread waits.
 */
public final class RateLimitFilter implements Filter {
  /** Longer than any limiter may take; it answers in time whatever its backend does. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  /** Where a request is. */
  private enum Stage {
    CHARGED
  }

  private final String text;
  private final Guard guard;
  private final Optional<AsyncGuard> asyncGuard;
  private final RequestReader reader;
  private final Predicate<HttpServletRequest> skips;
  private final boolean chargesPreflights;
  private final Answers answers;
  private final boolean failsOpen;
  private final Duration maxWait;
  private final FailureLog failures;
  private final FailureLog unread;
  private final String attribute;

  RateLimitFilter(RateLimitFilterBuilder from, Answers answers) {
    this.text = "RateLimitFilter[" + from.domain + ": " + from.limiter + "]";
    this.unread = new FailureLog("A request could not be read in full", from.clock);
    this.reader = from.reader(unread);
    this.skips = from.skips;
    this.chargesPreflights = from.chargesPreflights;
    this.answers = answers;
    this.failsOpen = from.failsOpen;
    this.maxWait = from.maxWait;
    this.failures = new FailureLog("The limits of a request could not be checked", from.clock);
    this.guard = from.guard(this::notGivenBack);
    this.asyncGuard = from.asyncGuard(this::notGivenBack);
    this.attribute = RateLimitFilter.class.getName() + "." + from.domain;
  }

  /** A builder with the defaults. */
  public static RateLimitFilterBuilder builder(RateLimiter limiter) {
    return new RateLimitFilterBuilder(limiter);
  }

  /** The number of requests that could not be checked as the limiter failed. */
  public long failures() {
    return failures.failures();
  }

  /** How often an extractor or the cost threw, or the cost was negative. */
  public long unread() {
    return unread.failures();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http
        && response instanceof HttpServletResponse answer) {
      filter(http, answer, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Object stage = request.getAttribute(attribute);
    DispatcherType type = request.getDispatcherType();
    if (stage instanceof Outcome outcome && type == DispatcherType.ASYNC) {
      request.setAttribute(attribute, Stage.CHARGED);
      Resumed resumed = new Resumed(request);
      try {
        act(outcome, resumed, response, chain);
      } finally {
        resumed.hasPassed();
      }
    } else if (stage != null || type != DispatcherType.REQUEST) {
      chain.doFilter(request, response);
    } else if (isAmbiguous(request)) {
      answers.denyAmbiguous(request, response);
    } else if (skips.test(request) || (!chargesPreflights && isPreflight(request))) {
      chain.doFilter(request, response);
    } else {
      request.setAttribute(attribute, Stage.CHARGED);
      begin(request, response, chain);
    }
  }

  /** What browsers send by themselves before a request to another origin, as Fetch has it. */
  private static boolean isPreflight(HttpServletRequest request) {
    return "OPTIONS".equals(request.getMethod())
        && request.getHeader("Origin") != null
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  private static boolean isAmbiguous(HttpServletRequest request) {
    return RequestPaths.isAmbiguous(
        request.getRequestURI(), request.getContextPath(), Extractors.path(request));
  }

  private void begin(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Request question;
    try {
      question = reader.read(request);
    } catch (RepeatedFieldException e) {
      answers.denyRepeated(request, response, e.field());
      return;
    }
    if (asyncGuard.isPresent() && request.isAsyncSupported()) {
      askOutside(asyncGuard.get(), question, request, response);
    } else {
      act(ask(question), request, response, chain);
    }
  }

  private Outcome ask(Request question) {
    try {
      return new Decided(question, guard.decide(question));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Failed(e);
    } catch (RuntimeException e) {
      return new Failed(e);
    }
  }

  /** Lets the container's thread go until the answer is there and the turn has come. */
  private void askOutside(
      AsyncGuard asking,
      Request question,
      HttpServletRequest request,
      HttpServletResponse response) {
    // Before anything is taken, as it may throw.
    AsyncContext context = request.startAsync(request, response);
    Duration longest = maxWait.plus(LONGEST_ANSWER);
    if (context.getTimeout() > 0) {
      context.setTimeout(Math.max(context.getTimeout(), longest.multipliedBy(2).toMillis()));
    }
    var unused =
        askAsync(asking, question)
            .orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
            .handle(
                (decision, failure) ->
                    failure == null ? new Decided(question, decision) : new Failed(failure))
            .thenAccept(outcome -> dispatch(asking, outcome, request, context));
  }

  private static CompletableFuture<Decision> askAsync(AsyncGuard asking, Request question) {
    try {
      return asking.decide(question);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void dispatch(
      AsyncGuard asking, Outcome outcome, HttpServletRequest request, AsyncContext context) {
    try {
      request.setAttribute(attribute, outcome);
      context.dispatch();
    } catch (RuntimeException e) {
      // The container has given the request up meanwhile: nobody will be served.
      if (outcome instanceof Decided decided) {
        asking.giveBack(decided.request(), decided.decision());
      }
    }
  }

  /** Lets the request go on, or answers it. */
  private void act(
      Outcome outcome, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (outcome instanceof Failed failed) {
      fail(failed.failure(), request, response, chain);
    } else if (outcome instanceof Decided decided) {
      Decision decision = decided.decision();
      if (decision.reason() == Reason.INVALID_REQUEST) {
        String why = decision.message().orElse("no identifier can be made");
        fail(new IllegalStateException(why), request, response, chain);
      } else if (decision.isAllowed()) {
        answers.tell(request, response, decision);
        chain.doFilter(request, response);
      } else {
        answers.deny(request, response, decision);
      }
    }
  }

  private void fail(
      Throwable failure,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    if (failsOpen && !(failure instanceof InterruptedException)) {
      failures.add(failure, "the request went on");
      answers.tellFailed(request, response);
      chain.doFilter(request, response);
    } else {
      failures.add(failure, "the request was denied");
      answers.denyFailed(request, response);
    }
  }

  private void notGivenBack(Throwable failure) {
    failures.add(failure, "its tokens were not given back");
  }

  /**
   * A request after it waited: for what is behind the filter it has just come. Once it has passed,
   * it is as the container dispatches it: forwarded, or asynchronously by the application.
   */
  private static final class Resumed extends HttpServletRequestWrapper {
    private volatile boolean passing = true;

    Resumed(HttpServletRequest request) {
      super(request);
    }

    void hasPassed() {
      passing = false;
    }

    @Override
    public DispatcherType getDispatcherType() {
      DispatcherType type = super.getDispatcherType();
      return passing && type == DispatcherType.ASYNC ? DispatcherType.REQUEST : type;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
