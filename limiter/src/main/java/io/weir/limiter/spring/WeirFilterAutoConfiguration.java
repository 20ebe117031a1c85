package io.weir.limiter.spring;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.RoutePattern;
import io.weir.limiter.http.Routes;
import io.weir.limiter.http.servlet.Extractors;
import io.weir.limiter.http.servlet.RateLimitFilter;
import io.weir.limiter.http.servlet.RateLimitFilterBuilder;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.words.Suggestion;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Maps the filter in servlet applications, unless the domain's rules have no limit, or the
 * application has a filter of its own: a bean of {@link RateLimitFilter}, or a registration named
 * {@code weirFilter}.
 */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnProperty(
    name = {"weir.enabled", "weir.filter.enabled"},
    matchIfMissing = true)
public final class WeirFilterAutoConfiguration {
  private static final System.Logger LOG =
      System.getLogger(WeirFilterAutoConfiguration.class.getName());

  @Bean
  @ConditionalOnBean({RateLimiter.class, RulesInForce.class})
  @ConditionalOnMissingBean(
      value = RateLimitFilter.class,
      parameterizedContainer = FilterRegistrationBean.class)
  FilterRegistrationBean<RateLimitFilter> weirFilter(
      WeirProperties properties,
      RulesInForce inForce,
      RateLimiter limiter,
      ObjectProvider<RuleSet> ruleSets,
      ObjectProvider<RateLimitFilterCustomizer> customizers,
      BeanFactory beans,
      Environment environment) {
    WeirRules rules = inForce.now();
    RateLimitFilterBuilder builder = builder(properties, inForce, limiter);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    rules.http().keys().forEach((limit, keys) -> check(limit, keys, builder.attributeNames()));
    WeirProperties.Filter settings = properties.filter();
    FilterRegistrationBean<RateLimitFilter> filter = new FilterRegistrationBean<>(builder.build());
    filter.setOrder(settings.order());
    FilterWarnings.of(rules.http().rules(), builder, settings.order(), beans, environment)
        .forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
    RuleSet ruleSet = ruleSets.getIfAvailable();
    boolean judgesByOurRules =
        limiter instanceof ObservedRateLimiter && ruleSet != null && inForce.isOurs(ruleSet);
    filter.setEnabled(
        !judgesByOurRules
            || inForce.canChange()
            || FilterWarnings.hasLimits(rules.http().rules().descriptors()));
    filter.setUrlPatterns(settings.urlPatterns());
    filter.setAsyncSupported(true);
    filter.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    return filter;
  }

  /** A limit without a route may be for annotations alone; one with a route is for requests. */
  private static void check(String limit, List<String> keys, Set<String> known) {
    List<String> unknown = keys.stream().filter(key -> !known.contains(key)).toList();
    String what =
        "weir.limits."
            + limit
            + " is by "
            + unknown
            + ", which requests do not have; they have "
            + new TreeSet<>(known)
            + unknown.stream()
                .map(key -> Suggestion.didYouMean(key, known))
                .collect(Collectors.joining());
    if (!unknown.isEmpty() && keys.contains(Routes.ATTRIBUTE)) {
      throw new IllegalStateException(what);
    }
    if (!unknown.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, what + ". It holds for @RateLimited alone.");
    }
  }

  private static RateLimitFilterBuilder builder(
      WeirProperties properties, RulesInForce inForce, RateLimiter limiter) {
    WeirProperties.Filter settings = properties.filter();
    RateLimitFilterBuilder builder =
        RateLimitFilter.builder(limiter)
            .domain(properties.domain())
            .routes(() -> inForce.now().http().routes())
            .headers(properties.headers())
            .resetForm(properties.resetForm())
            .maxWait(properties.maxWait())
            .maxWaiting(settings.maxWaiting())
            .async(settings.async())
            .failOpen(settings.failOpen())
            .skip(skips(settings.skip()))
            .chargePreflights(settings.chargePreflights())
            .addresses(
                ClientAddresses.ofPeers()
                    .trusting(settings.trustedProxies())
                    .header(settings.forwardedHeader())
                    .ipv6Prefix(settings.ipv6Prefix()));
    if (settings.turns() == WeirProperties.Turns.IGNORE) {
      builder.ignoreTurns();
    }
    settings
        .attributes()
        .forEach((name, header) -> builder.attribute(name, Extractors.header(header)));
    addApiKey(settings, builder);
    return builder;
  }

  private static void addApiKey(WeirProperties.Filter settings, RateLimitFilterBuilder builder) {
    if (!settings.apiKeyHeader().isEmpty() && settings.apiKeySecret().isEmpty()) {
      builder.apiKey(settings.apiKeyHeader());
    } else if (!settings.apiKeyHeader().isEmpty()) {
      byte[] secret = settings.apiKeySecret().getBytes(StandardCharsets.UTF_8);
      builder.attribute("api_key", Extractors.hashedHeader(settings.apiKeyHeader(), secret));
    }
  }

  private static Predicate<HttpServletRequest> skips(List<String> patterns) {
    Routes skipped = Routes.of(patterns.stream().map(RoutePattern::parse).toList());
    return request -> Extractors.route(() -> skipped).extract(request).isPresent();
  }
}
