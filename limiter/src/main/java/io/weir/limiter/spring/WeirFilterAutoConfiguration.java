package io.weir.limiter.spring;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.http.servlet.RateLimitFilter;
import io.weir.limiter.http.servlet.RateLimitFilterBuilder;
import io.weir.limiter.rule.RuleSet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import java.util.Set;
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
    FilterSetup setup = new FilterSetup(properties, inForce, limiter, ruleSets, beans, environment);
    WeirProperties.Filter settings = properties.filter();
    settings.urlPatterns().forEach(WeirFilterAutoConfiguration::requirePattern);
    RateLimitFilterBuilder builder = RateLimitFilter.builder(limiter).async(settings.async());
    WeirStartException.using(
        "weir.filter.max-waiting", () -> builder.maxWaiting(settings.maxWaiting()));
    // The container maps the filter to paths.
    setup.set(builder, request -> false);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    setup.check(builder, Set.of("framework"));
    FilterRegistrationBean<RateLimitFilter> filter = new FilterRegistrationBean<>(builder.build());
    filter.setOrder(settings.order());
    filter.setEnabled(setup.hasLimits());
    filter.setUrlPatterns(settings.urlPatterns());
    filter.setAsyncSupported(true);
    filter.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    return filter;
  }

  /** The container would fail of some, and match no request by others. */
  private static void requirePattern(String pattern) {
    String literal =
        pattern.startsWith("*.")
            ? pattern.substring(1)
            : pattern.endsWith("/*") ? pattern.substring(0, pattern.length() - 1) : pattern;
    if (!literal.matches("[./][^*]*")) {
      throw new WeirStartException(
          "weir.filter.url-patterns: it has '"
              + pattern
              + "'; it must be a path such as /login, one with all below it such as /api/*, or an"
              + " ending such as *.html",
          "Correct the setting weir.filter.url-patterns.");
    }
  }
}
