package io.weir.limiter.http.servlet;

import io.weir.limiter.AsyncGuard;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Guard;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.http.RateLimitFields;
import io.weir.limiter.http.RateLimitHeaders;
import io.weir.limiter.http.Routes;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.words.Suggestion;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** Settings of a {@link RateLimitFilter}. Not thread-safe. */
public final class RateLimitFilterBuilder {
  /** The attribute that every request has, and its value. */
  private static final String ALL = "all";

  final RateLimiter limiter;
  String domain = "";
  Predicate<HttpServletRequest> skips = request -> false;
  boolean chargesPreflights;
  boolean failsOpen = true;
  Duration maxWait = Duration.ofSeconds(10);
  InstantSource clock = InstantSource.system();
  private boolean waits = true;
  private Guard guard;
  private UnaryOperator<AsyncGuard> delaying = UnaryOperator.identity();
  private boolean async;
  private Map<String, List<String>> keys = Map.of();
  private final Map<String, Extractor> extractors = new LinkedHashMap<>();
  private final Set<String> said = new HashSet<>();
  private Supplier<Routes> routes = () -> Routes.of(List.of());
  private ClientAddresses addresses = ClientAddresses.ofPeers();
  private ToLongFunction<HttpServletRequest> cost = request -> 1;
  private RateLimitFields.Style style = RateLimitFields.Style.IETF;
  private RateLimitFields.ResetForm resetForm = RateLimitFields.ResetForm.SECONDS_LEFT;
  private DenialHandler handler = DenialHandler.problemJson();

  RateLimitFilterBuilder(RateLimiter limiter) {
    this.limiter = Objects.requireNonNull(limiter);
    this.guard = Guard.of(limiter).maxWaiting(100);
    extractors.put(ALL, request -> Optional.of(ALL));
    extractors.put("address", request -> Extractors.address(addresses).extract(request));
    extractors.put("user", Extractors.user());
    extractors.put("method", Extractors.method());
    extractors.put("path", Extractors.path());
    extractors.put(Routes.ATTRIBUTE, request -> Extractors.route(routes).extract(request));
  }

  /** The domain of the rules, and the routes that these rules speak of. */
  public RateLimitFilterBuilder rules(DomainRules rules) {
    Routes known = Routes.in(rules);
    return domain(rules.domain()).routes(() -> known);
  }

  /**
   * The domain of the rules, and the routes that these rules speak of. The filter must tell every
   * attribute that limits said in lines are by.
   */
  public RateLimitFilterBuilder rules(HttpRules rules) {
    this.keys = rules.keys();
    return domain(rules.rules().domain()).routes(rules::routes);
  }

  /**
   * The domain of the rules, and the routes that they speak of, of rules that change: {@link
   * HttpRules.Builder#watch}. The filter must tell every attribute that limits said in lines are by
   * now.
   *
   * @param rules the rules in force, asked for at each request
   */
  public RateLimitFilterBuilder rules(Supplier<HttpRules> rules) {
    return rules(rules.get()).routes(() -> rules.get().routes());
  }

  /** The domain of the rules; required. */
  public RateLimitFilterBuilder domain(String newDomain) {
    this.domain = newDomain;
    return this;
  }

  /** The routes that the attribute {@code route} tells, asked for at each request. */
  public RateLimitFilterBuilder routes(Supplier<Routes> newRoutes) {
    this.routes = newRoutes;
    return this;
  }

  /** Whose address the attribute {@code address} is; that of the peer, by default. */
  public RateLimitFilterBuilder addresses(ClientAddresses newAddresses) {
    this.addresses = newAddresses;
    return this;
  }

  /**
   * Adds an attribute, or says another one than by default: {@code address}, {@code user}, {@code
   * method}, {@code path} and {@code route} are there, and {@code all}, which all have.
   *
   * @throws IllegalArgumentException if another {@code all} is said
   */
  public RateLimitFilterBuilder attribute(String name, Extractor extractor) {
    if (name.equals(ALL)) {
      throw new IllegalArgumentException("the attribute 'all' is the same of all requests");
    }
    extractors.put(name, extractor);
    said.add(name);
    return this;
  }

  /**
   * Adds the attribute {@code api_key}: the hash of what a header says. Whether there is such a key
   * nobody has checked, so who makes keys up has a new budget with each: have a limit by {@code
   * address} beside. A request that has the header several times is answered with 400.
   */
  public RateLimitFilterBuilder apiKey(String header) {
    return attribute("api_key", Extractors.hashedHeader(header));
  }

  /** Leaves an attribute out, of those that are there by default. */
  public RateLimitFilterBuilder withoutAttribute(String name) {
    extractors.remove(name);
    return this;
  }

  /** The names of the attributes that requests have. */
  public Set<String> attributeNames() {
    return Set.copyOf(extractors.keySet());
  }

  /** Whether an attribute is told as by default, as nothing else was said. */
  public boolean isUsual(String name) {
    return extractors.containsKey(name) && !said.contains(name);
  }

  /**
   * How many tokens a request takes, 0 or more; 1 by default, and where this throws or is negative.
   */
  public RateLimitFilterBuilder cost(ToLongFunction<HttpServletRequest> newCost) {
    this.cost = newCost;
    return this;
  }

  /** Which requests are not asked about; none by default. */
  public RateLimitFilterBuilder skip(Predicate<HttpServletRequest> newSkips) {
    this.skips = newSkips;
    return this;
  }

  /**
   * Whether preflights of CORS are charged, which browsers send by themselves; false by default.
   * Who answers them at a cost, or lets them reach the application, charges them.
   */
  public RateLimitFilterBuilder chargePreflights(boolean newChargesPreflights) {
    this.chargesPreflights = newChargesPreflights;
    return this;
  }

  /** Which fields tell of limits; those of the IETF by default. */
  public RateLimitFilterBuilder headers(RateLimitFields.Style newStyle) {
    this.style = newStyle;
    return this;
  }

  /** How {@code X-RateLimit-Reset} tells the time; as seconds left by default. */
  public RateLimitFilterBuilder resetForm(RateLimitFields.ResetForm newResetForm) {
    this.resetForm = newResetForm;
    return this;
  }

  /** How requests that are not served are answered; with problem+json by default. */
  public RateLimitFilterBuilder onDenied(DenialHandler newHandler) {
    this.handler = newHandler;
    return this;
  }

  /** Whether requests go on where the limiter fails; true by default. */
  public RateLimitFilterBuilder failOpen(boolean newFailsOpen) {
    this.failsOpen = newFailsOpen;
    return this;
  }

  /** Has requests go on without waiting for the turn that a leaky bucket gives them. */
  public RateLimitFilterBuilder ignoreTurns() {
    this.waits = false;
    return this;
  }

  /**
   * The longest time that a request waits for its turn; 10 s by default. Who would wait longer is
   * denied, gets the tokens back, and is told when to try again.
   *
   * @throws IllegalArgumentException if it is negative, or above an hour
   */
  public RateLimitFilterBuilder maxWait(Duration newMaxWait) {
    if (newMaxWait.isNegative() || newMaxWait.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "maxWait is " + newMaxWait + "; it must be from 0 to an hour");
    }
    this.maxWait = newMaxWait;
    return this;
  }

  /**
   * How many threads of the container may wait for turns at once; 100 by default. Who would be one
   * more is denied as if the turn were too late. It should be well below the threads that there
   * are: a request that waits holds up others. Requests that hold no thread are not counted.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RateLimitFilterBuilder maxWaiting(int newMaxWaiting) {
    this.guard = guard.maxWaiting(newMaxWaiting);
    return this;
  }

  /**
   * Whether the container's thread is let go while the limiter is asked and while a request waits;
   * false by default. {@link RateLimitFilter} says what that asks of the other filters.
   */
  public RateLimitFilterBuilder async(boolean newAsync) {
    this.async = newAsync;
    return this;
  }

  /** How threads wait. */
  RateLimitFilterBuilder waiter(Guard.Waiter newWaiter) {
    this.guard = guard.waiter(newWaiter);
    return this;
  }

  /** How requests wait that hold no thread. */
  RateLimitFilterBuilder delays(AsyncGuard.Delays newDelays) {
    this.delaying = it -> it.delays(newDelays);
    return this;
  }

  /** The time of the log. */
  RateLimitFilterBuilder clock(InstantSource newClock) {
    this.clock = newClock;
    return this;
  }

  /** Has threads wait for turns, or go on at once. */
  Guard guard(Consumer<Throwable> refundFailures) {
    Guard telling = guard.onRefundFailure(refundFailures);
    return waits ? telling.maxWait(maxWait) : Guard.of(limiter).waiter(delay -> {});
  }

  /** As above, without threads; there is one if the filter is to be asynchronous. */
  Optional<AsyncGuard> asyncGuard(Consumer<Throwable> refundFailures) {
    if (!async || !(limiter instanceof AsyncRateLimiter asking)) {
      return Optional.empty();
    }
    AsyncGuard telling = AsyncGuard.of(asking).onRefundFailure(refundFailures);
    return Optional.of(
        waits ? delaying.apply(telling).maxWait(maxWait) : telling.delays(delay -> Runnable::run));
  }

  /**
   * The filter.
   *
   * @throws IllegalStateException if the domain is not told, or the filter is to be asynchronous
   *     and the limiter is no {@link AsyncRateLimiter}, or a limit that is said in a line is by an
   *     attribute that the filter does not tell
   */
  public RateLimitFilter build() {
    requireAttributes();
    if (domain.isEmpty()) {
      throw new IllegalStateException("the domain of the rules is not told");
    }
    if (async && !(limiter instanceof AsyncRateLimiter)) {
      throw new IllegalStateException(
          "the filter is to be asynchronous, and the limiter " + limiter + " is not");
    }
    return new RateLimitFilter(this, new Answers(new RateLimitHeaders(style, resetForm), handler));
  }

  RequestReader reader(FailureLog unread) {
    return new RequestReader(domain, extractors, cost, unread);
  }

  /** A misspelt attribute would leave the limit without any effect. */
  private void requireAttributes() {
    keys.forEach(
        (limit, by) -> {
          for (String key : by) {
            if (!extractors.containsKey(key)) {
              throw new IllegalStateException(
                  "the limit "
                      + limit
                      + " is by '"
                      + key
                      + "', which requests do not have here; they have "
                      + extractors.keySet()
                      + Suggestion.didYouMean(key, extractors.keySet()));
            }
          }
        });
  }
}
