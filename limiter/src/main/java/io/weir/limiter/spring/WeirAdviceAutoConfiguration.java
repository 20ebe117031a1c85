package io.weir.limiter.spring;

import io.weir.limiter.RateLimitExceededException;
import java.lang.reflect.Method;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers calls that were denied, in web applications of either kind. */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnClass(RestControllerAdvice.class)
@ConditionalOnBean(WeirProperties.class)
public final class WeirAdviceAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean(RateLimitExceededAdvice.class)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  ServletRateLimitAdvice weirServletAdvice(WeirProperties properties, ListableBeanFactory beans) {
    return new ServletRateLimitAdvice(properties.rateLimitHeaders(), order(beans));
  }

  @Bean
  @ConditionalOnMissingBean(RateLimitExceededAdvice.class)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
  WebFluxRateLimitAdvice weirWebFluxAdvice(WeirProperties properties, ListableBeanFactory beans) {
    return new WebFluxRateLimitAdvice(properties.rateLimitHeaders(), order(beans));
  }

  /** Behind all others, whether or not they have an order, where one of them is for just this. */
  private static int order(ListableBeanFactory beans) {
    return isHandledBy(beans) ? Ordered.LOWEST_PRECEDENCE : RateLimitExceededAdvice.USUAL_ORDER;
  }

  /** Whether an advice of the application has a method for just this. */
  private static boolean isHandledBy(ListableBeanFactory beans) {
    for (String name : beans.getBeanNamesForAnnotation(ControllerAdvice.class)) {
      Class<?> type = beans.getType(name, false);
      if (type != null
          && !RateLimitExceededAdvice.class.isAssignableFrom(type)
          && MethodIntrospector.selectMethods(
                      ClassUtils.getUserClass(type), WeirAdviceAutoConfiguration::isForIt)
                  .size()
              > 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isForIt(Method method) {
    ExceptionHandler handler =
        AnnotatedElementUtils.findMergedAnnotation(method, ExceptionHandler.class);
    return handler != null
        && (List.of(handler.exception()).contains(RateLimitExceededException.class)
            || List.of(method.getParameterTypes()).contains(RateLimitExceededException.class));
  }
}
