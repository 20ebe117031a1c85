package io.weir.limiter.http.filter;

import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.http.RateLimitFields;
import io.weir.limiter.http.Routes;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.words.Spans;
import io.weir.limiter.words.Suggestion;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Settings that filters have whatever the server is. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class FilterBuilder<B extends FilterBuilder<B>> {
  private static final System.Logger LOG = System.getLogger(FilterBuilder.class.getName());

  /** The attribute that every request has, and its value. */
  private static final String ALL = "all";

  final Map<String, Extractor> extractors = new LinkedHashMap<>();
  String domain = "";
  ToLongFunction<IncomingRequest> cost = request -> 1;
  Predicate<IncomingRequest> skips = request -> false;
  boolean chargesPreflights;
  RateLimitFields.Style style = RateLimitFields.Style.IETF;
  RateLimitFields.ResetForm resetForm = RateLimitFields.ResetForm.SECONDS_LEFT;
  boolean failsOpen = true;
  boolean waits = true;
  Duration maxWait = Duration.ofSeconds(10);
  InstantSource clock = InstantSource.system();
  private Optional<HttpRules> ofLines = Optional.empty();
  private final Set<String> said = new HashSet<>();
  private Supplier<Routes> routes = () -> Routes.of(List.of());
  private ClientAddresses addresses = ClientAddresses.ofPeers();

  /** The defaults. */
  protected FilterBuilder() {
    extractors.put(ALL, request -> Optional.of(ALL));
    extractors.put("address", request -> Extractors.address(addresses).extract(request));
    extractors.put("user", Extractors.user());
    extractors.put("method", Extractors.method());
    extractors.put("path", Extractors.path());
    extractors.put(Routes.ATTRIBUTE, request -> Extractors.route(routes).extract(request));
  }

  /** This builder. */
  protected abstract B self();

  /** The domain of the rules, and the routes that these rules speak of. */
  public B rules(DomainRules rules) {
    Routes known = Routes.in(rules);
    return domain(rules.domain()).routes(() -> known);
  }

  /**
   * The domain of the rules, and the routes that these rules speak of. The filter must tell every
   * attribute that limits said in lines are by.
   */
  public B rules(HttpRules rules) {
    this.ofLines = Optional.of(rules);
    return domain(rules.rules().domain()).routes(rules::routes);
  }

  /**
   * The domain of the rules, and the routes that they speak of, of rules that change: {@link
   * HttpRules.Builder#watch}. The filter must tell every attribute that limits said in lines are by
   * now.
   *
   * @param rules the rules in force, asked for at each request
   */
  public B rules(Supplier<HttpRules> rules) {
    return rules(rules.get()).routes(() -> rules.get().routes());
  }

  /** The domain of the rules; required. */
  public B domain(String newDomain) {
    this.domain = newDomain;
    return self();
  }

  /** The routes that the attribute {@code route} tells, asked for at each request. */
  public B routes(Supplier<Routes> newRoutes) {
    this.routes = newRoutes;
    return self();
  }

  /** Whose address the attribute {@code address} is; that of the peer, by default. */
  public B addresses(ClientAddresses newAddresses) {
    this.addresses = newAddresses;
    return self();
  }

  /**
   * Adds an attribute, or says another one than by default: {@code address}, {@code user}, {@code
   * method}, {@code path} and {@code route} are there, and {@code all}, which all have.
   *
   * @throws IllegalArgumentException if another {@code all} is said
   */
  public B attribute(String name, Extractor extractor) {
    if (name.equals(ALL)) {
      throw new IllegalArgumentException("the attribute 'all' is the same of all requests");
    }
    extractors.put(name, extractor);
    said.add(name);
    return self();
  }

  /**
   * Adds the attribute {@code api_key}: the hash of what a header says. Whether there is such a key
   * nobody has checked, so who makes keys up has a new budget with each: have a limit by {@code
   * address} beside. A request that has the header several times is answered with 400.
   *
   * @throws IllegalArgumentException if no header can have the name
   */
  public B apiKey(String header) {
    return attribute("api_key", Extractors.hashedHeader(header));
  }

  /** Leaves an attribute out, of those that are there by default. */
  public B withoutAttribute(String name) {
    extractors.remove(name);
    return self();
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
  public B cost(ToLongFunction<IncomingRequest> newCost) {
    this.cost = newCost;
    return self();
  }

  /**
   * Which requests are not asked about; none by default. One for which this throws is asked about,
   * which is counted and logged.
   */
  public B skip(Predicate<IncomingRequest> newSkips) {
    this.skips = newSkips;
    return self();
  }

  /**
   * Whether preflights of CORS are charged, which browsers send by themselves; false by default.
   * Who answers them at a cost, or lets them reach the application, charges them.
   */
  public B chargePreflights(boolean newChargesPreflights) {
    this.chargesPreflights = newChargesPreflights;
    return self();
  }

  /** Which fields tell of limits; those of the IETF by default. */
  public B headers(RateLimitFields.Style newStyle) {
    this.style = newStyle;
    return self();
  }

  /** How {@code X-RateLimit-Reset} tells the time; as seconds left by default. */
  public B resetForm(RateLimitFields.ResetForm newResetForm) {
    this.resetForm = newResetForm;
    return self();
  }

  /** Whether requests go on where the limiter fails; true by default. */
  public B failOpen(boolean newFailsOpen) {
    this.failsOpen = newFailsOpen;
    return self();
  }

  /** Has requests go on without waiting for the turn that a leaky bucket gives them. */
  public B ignoreTurns() {
    this.waits = false;
    return self();
  }

  /**
   * The longest time that a request waits for its turn; 10 s by default. Who would wait longer is
   * denied, gets the tokens back, and is told when to try again.
   *
   * @throws IllegalArgumentException if it is negative, or above an hour
   */
  public B maxWait(Duration newMaxWait) {
    if (newMaxWait.isNegative() || newMaxWait.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "maxWait is " + Spans.exact(newMaxWait) + "; it must be from 0 to an hour");
    }
    this.maxWait = newMaxWait;
    return self();
  }

  /** The domain of the rules; empty where it is not told. */
  protected String domain() {
    return domain;
  }

  /** The time of the log. */
  protected B clock(InstantSource newClock) {
    this.clock = newClock;
    return self();
  }

  /**
   * What all filters do by these settings.
   *
   * @throws IllegalStateException if the domain is not told, or a limit that is said in a line is
   *     by an attribute that the filter does not tell
   */
  protected RequestLimits limits() {
    requireAttributes();
    if (isUsual("address") && addresses.trustsEverybody()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The trusted proxies are all addresses that there are, so anybody can write the address"
              + " that limits by 'address' go by. Name the proxies alone.");
    }
    if (domain.isEmpty()) {
      throw new IllegalStateException("the domain of the rules is not told");
    }
    return new RequestLimits(this);
  }

  /** A misspelt attribute would leave the limit without any effect. */
  private void requireAttributes() {
    ofLines.ifPresent(
        rules ->
            rules
                .keys()
                .forEach((limit, by) -> by.forEach(key -> requireKnown(rules, limit, key))));
  }

  private void requireKnown(HttpRules rules, String limit, String key) {
    if (!extractors.containsKey(key)) {
      throw new IllegalStateException(
          rules.problem(
              limit,
              "it is by '"
                  + key
                  + "', which requests do not have here; they have "
                  + extractors.keySet()
                  + Suggestion.didYouMean(key, extractors.keySet())));
    }
  }
}
