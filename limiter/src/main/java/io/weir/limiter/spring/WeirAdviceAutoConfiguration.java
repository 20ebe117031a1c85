package io.weir.limiter.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers calls that were denied, in web applications of either kind. */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnClass(RestControllerAdvice.class)
@ConditionalOnBean(WeirProperties.class)
public final class WeirAdviceAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  RateLimitExceededAdvice weirRateLimitExceededAdvice(WeirProperties properties) {
    return new RateLimitExceededAdvice(properties.headers(), properties.resetForm());
  }
}
