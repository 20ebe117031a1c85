package io.weir.limiter.spring;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.http.RoutePattern;
import io.weir.limiter.http.Routes;
import io.weir.limiter.http.filter.Extractors;
import io.weir.limiter.http.filter.FilterBuilder;
import io.weir.limiter.http.filter.IncomingRequest;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.words.Suggestion;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

/** Builds filters as settings say, whatever the server is. */
final class FilterSetup {
  private static final System.Logger LOG = System.getLogger(FilterSetup.class.getName());

  private final WeirProperties properties;
  private final RulesInForce inForce;
  private final HttpRules rules;
  private final boolean hasLimits;
  private final BeanFactory beans;
  private final Environment environment;

  FilterSetup(
      WeirProperties properties,
      RulesInForce inForce,
      RateLimiter limiter,
      ObjectProvider<RuleSet> ruleSets,
      BeanFactory beans,
      Environment environment) {
    this.properties = properties;
    this.inForce = inForce;
    this.rules = inForce.now().http();
    RuleSet ruleSet = ruleSets.getIfAvailable();
    boolean judgesByOurRules =
        limiter instanceof ObservedRateLimiter && ruleSet != null && inForce.isOurs(ruleSet);
    this.hasLimits =
        !judgesByOurRules
            || inForce.canChange()
            || FilterWarnings.hasLimits(rules.rules().descriptors());
    this.beans = beans;
    this.environment = environment;
  }

  /** Whether there may be anything that a filter could ask about. */
  boolean hasLimits() {
    return hasLimits;
  }

  /**
   * Sets what all filters have.
   *
   * @param isElsewhere whether a request is none of the filter's, beside those that settings skip
   * @throws WeirStartException if a setting makes no sense
   */
  void set(FilterBuilder<?> builder, Predicate<IncomingRequest> isElsewhere) {
    WeirProperties.Filter settings = properties.filter();
    builder.domain(properties.domain());
    builder.routes(() -> inForce.now().http().routes());
    builder.headers(properties.headers());
    builder.resetForm(properties.resetForm());
    WeirStartException.using("weir.max-wait", () -> builder.maxWait(properties.maxWait()));
    builder.failOpen(settings.failOpen());
    Predicate<IncomingRequest> isSkipped =
        WeirStartException.naming("weir.filter.skip", () -> isOf(settings.skip()));
    builder.skip(isElsewhere.or(isSkipped));
    builder.chargePreflights(settings.chargePreflights());
    ClientAddresses addresses =
        WeirStartException.naming(
                "weir.filter.trusted-proxies",
                () -> ClientAddresses.ofPeers().trusting(settings.trustedProxies()))
            .header(settings.forwardedHeader());
    builder.addresses(
        WeirStartException.naming(
            "weir.filter.ipv6-prefix", () -> addresses.ipv6Prefix(settings.ipv6Prefix())));
    if (settings.turns() == WeirProperties.Turns.IGNORE) {
      builder.ignoreTurns();
    }
    settings
        .attributes()
        .forEach(
            (name, header) ->
                WeirStartException.using(
                    "weir.filter.attributes." + name,
                    () -> builder.attribute(name, Extractors.header(header))));
    if (!settings.apiKeyHeader().isEmpty()) {
      WeirStartException.using("weir.filter.api-key-header", () -> setApiKey(settings, builder));
    }
  }

  private static void setApiKey(WeirProperties.Filter settings, FilterBuilder<?> builder) {
    if (settings.apiKeySecret().isEmpty()) {
      builder.apiKey(settings.apiKeyHeader());
    } else {
      byte[] secret = settings.apiKeySecret().getBytes(StandardCharsets.UTF_8);
      builder.attribute("api_key", Extractors.hashedHeader(settings.apiKeyHeader(), secret));
    }
  }

  /** Whether a request is of one of these routes. */
  static Predicate<IncomingRequest> isOf(Collection<String> patterns) {
    Routes routes = Routes.of(patterns.stream().map(RoutePattern::parse).toList());
    return request -> Extractors.route(() -> routes).extract(request).isPresent();
  }

  /**
   * Looks at a builder that is about to build, and warns.
   *
   * @param believing as of {@link FilterWarnings}
   * @throws WeirStartException if a limit of a route is by an attribute that requests lack
   */
  void check(FilterBuilder<?> builder, Set<String> believing) {
    LimitUses uses = beans.getBean(LimitUses.class);
    rules.keys().forEach((limit, keys) -> check(uses, limit, keys, builder.attributeNames()));
    int order = properties.filter().order();
    FilterWarnings.of(rules.rules(), builder, order, believing, beans, environment)
        .forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
  }

  /**
   * A limit without a route may be for annotations or code alone, and then it is told why requests
   * are not asked about; one with a route is for requests.
   */
  private void check(LimitUses uses, String limit, List<String> keys, Set<String> known) {
    List<String> unknown = keys.stream().filter(key -> !known.contains(key)).toList();
    if (unknown.isEmpty()) {
      uses.addAsked(limit, rules.origin(limit));
      return;
    }
    String meant =
        unknown.stream()
            .map(key -> Suggestion.didYouMean(key, known))
            .collect(Collectors.joining());
    String what =
        rules.problem(
            limit,
            "it is by "
                + unknown
                + ", which requests do not have; they have "
                + new TreeSet<>(known)
                + meant);
    if (keys.contains(Routes.ATTRIBUTE)) {
      throw new WeirStartException(what, "Correct " + rules.origin(limit) + ".");
    }
    uses.addUnasked(limit, what, !meant.isEmpty());
  }
}
