package io.weir.limiter.spring;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.http.filter.IncomingRequest;
import io.weir.limiter.rule.RuleSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.server.WebFilter;

/**
 * Puts the filter into applications of Spring WebFlux, unless the domain's rules have no limit, or
 * the application has a {@link RateLimitWebFilter} of its own.
 */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(WebFilter.class)
@ConditionalOnProperty(
    name = {"weir.enabled", "weir.filter.enabled"},
    matchIfMissing = true)
public final class WeirWebFilterAutoConfiguration {
  private static final String ALL = "/*";

  @Bean
  @ConditionalOnBean({RateLimiter.class, RulesInForce.class})
  @ConditionalOnMissingBean(RateLimitWebFilter.class)
  WebFilter weirWebFilter(
      WeirProperties properties,
      RulesInForce inForce,
      RateLimiter limiter,
      ObjectProvider<RuleSet> ruleSets,
      ObjectProvider<RateLimitWebFilterCustomizer> customizers,
      BeanFactory beans,
      Environment environment) {
    FilterSetup setup = new FilterSetup(properties, inForce, limiter, ruleSets, beans, environment);
    if (!setup.hasLimits()) {
      return (exchange, chain) -> chain.filter(exchange);
    }
    WeirProperties.Filter settings = properties.filter();
    RateLimitWebFilterBuilder builder =
        RateLimitWebFilter.builder(async(limiter)).order(settings.order());
    setup.set(builder, isElsewhere(settings.urlPatterns()));
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    // Reactor Netty takes the left-most entry.
    setup.check(builder, Set.of("framework", "native"));
    return builder.build();
  }

  private static AsyncRateLimiter async(RateLimiter limiter) {
    if (limiter instanceof AsyncRateLimiter async) {
      return async;
    }
    throw new WeirStartException(
        "the limiter "
            + limiter
            + " would block WebFlux; it must be an AsyncRateLimiter, too, or weir.filter.enabled"
            + " must be false",
        "Give the application such a limiter, or set weir.filter.enabled to false.");
  }

  /** WebFlux maps no filters to paths, so what is not mapped to is skipped. */
  private static Predicate<IncomingRequest> isElsewhere(List<String> urlPatterns) {
    if (urlPatterns.contains(ALL)) {
      return request -> false;
    }
    return FilterSetup.isOf(
            urlPatterns.stream().map(WeirWebFilterAutoConfiguration::route).toList())
        .negate();
  }

  private static String route(String urlPattern) {
    if (urlPattern.startsWith("/") && urlPattern.length() > 1) {
      return urlPattern.endsWith("/*") ? urlPattern + "*" : urlPattern;
    }
    throw new WeirStartException(
        "weir.filter.url-patterns has '"
            + urlPattern
            + "'; on WebFlux it must be a path such as /login, or one with all below it such as"
            + " /api/*",
        "Correct the setting weir.filter.url-patterns.");
  }
}
