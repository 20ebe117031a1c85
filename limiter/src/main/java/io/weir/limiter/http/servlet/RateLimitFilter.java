package io.weir.limiter.http.servlet;

import io.weir.limiter.AsyncGuard;
import io.weir.limiter.Guard;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.http.filter.Denial;
import io.weir.limiter.http.filter.Outcome;
import io.weir.limiter.http.filter.Outcome.Decided;
import io.weir.limiter.http.filter.Outcome.Failed;
import io.weir.limiter.http.filter.RequestLimits;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

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
 * Where the container leaves out this filter, which then limits nothing, that is logged at the
 * first request that is served, and threads wait from then on.
 */
public final class RateLimitFilter implements Filter {
  private static final System.Logger LOG = System.getLogger(RateLimitFilter.class.getName());

  /** Redirections and errors serve nothing. */
  private static final int FIRST_STATUS_NOT_SERVED = 300;

  /** Where a request is. */
  private enum Stage {
    CHARGED
  }

  private final String text;
  private final RequestLimits limits;
  private final Guard guard;
  private final Optional<AsyncGuard> asyncGuard;
  private final DenialHandler handler;

  /** Whether the container has left out this filter where a request went on. */
  private final AtomicBoolean leftOut = new AtomicBoolean();

  RateLimitFilter(RateLimitFilterBuilder from, RequestLimits limits) {
    this.text = "RateLimitFilter[" + from.text() + "]";
    this.limits = limits;
    this.guard = limits.inTurn(from.guard());
    this.asyncGuard = from.asyncGuard().map(limits::inTurn);
    this.handler = from.handler;
  }

  /** A builder with the defaults. */
  public static RateLimitFilterBuilder builder(RateLimiter limiter) {
    return new RateLimitFilterBuilder(limiter);
  }

  /** The number of requests that could not be checked as the limiter failed. */
  public long failures() {
    return limits.failures();
  }

  /** How often an extractor, the cost or the test to skip threw, or the cost was negative. */
  public long unread() {
    return limits.unread();
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
    Object stage = request.getAttribute(limits.attribute());
    DispatcherType type = request.getDispatcherType();
    if (stage instanceof Outcome outcome && type == DispatcherType.ASYNC) {
      request.setAttribute(limits.attribute(), Stage.CHARGED);
      Resumed resumed = new Resumed(request);
      try {
        act(outcome, resumed, response, chain);
      } finally {
        resumed.hasPassed();
      }
    } else if (stage != null || type != DispatcherType.REQUEST) {
      chain.doFilter(request, response);
    } else {
      begin(request, response, chain);
    }
  }

  private void begin(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RequestLimits.Step step =
        limits.begin(new ServletRequestView(request), new ServletAnswer(request, response));
    if (step instanceof RequestLimits.Step.Refuse refused) {
      handler.handle(request, response, refused.denial());
    } else if (step instanceof RequestLimits.Step.Ask ask) {
      request.setAttribute(limits.attribute(), Stage.CHARGED);
      ask(ask.question(), request, response, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private void ask(
      Request question, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (asyncGuard.isPresent() && request.isAsyncSupported() && !leftOut.get()) {
      askOutside(asyncGuard.get(), question, request, response);
    } else {
      act(limits.ask(guard, question), request, response, chain);
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
    DispatchWatch watch = new DispatchWatch(request, response);
    context.addListener(watch);
    if (context.getTimeout() > 0) {
      long enoughMillis = limits.longest().multipliedBy(2).toMillis();
      context.setTimeout(Math.max(context.getTimeout(), enoughMillis));
    }
    var unused =
        limits
            .ask(asking, question)
            .<Outcome>handle(
                (decision, failure) ->
                    failure == null ? new Decided(question, decision) : new Failed(failure))
            .thenAccept(outcome -> dispatch(asking, outcome, request, context, watch));
  }

  private void dispatch(
      AsyncGuard asking,
      Outcome outcome,
      HttpServletRequest request,
      AsyncContext context,
      DispatchWatch watch) {
    try {
      request.setAttribute(limits.attribute(), outcome);
      context.dispatch();
      watch.dispatched = true;
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
    Optional<Denial> denial = limits.tell(outcome, new ServletAnswer(request, response));
    if (denial.isPresent()) {
      handler.handle(request, response, denial.get());
    } else {
      chain.doFilter(request, response);
    }
  }

  /**
   * Notices that a request was served without its outcome having been looked at. Where that is over
   * before this knows of the dispatch, the next request tells. One that was refused may not have
   * got so far: a filter in front has answered it, whose user is no longer logged in, say.
   */
  private final class DispatchWatch implements AsyncListener {
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private volatile boolean dispatched;

    DispatchWatch(HttpServletRequest request, HttpServletResponse response) {
      this.request = request;
      this.response = response;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      look();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      look();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    private void look() {
      if (dispatched
          && request.getAttribute(limits.attribute()) instanceof Outcome
          && response.getStatus() < FIRST_STATUS_NOT_SERVED
          && leftOut.compareAndSet(false, true)) {
        LOG.log(
            System.Logger.Level.ERROR,
            RateLimitFilter.this
                + " is asynchronous and did not see a request again, which so went on unlimited: map"
                + " it for the dispatcher type ASYNC, and all filters behind it. From now on threads"
                + " wait for the limiter.");
      }
    }
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
