package io.weir.limiter.spring;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.springframework.aop.Advisor;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;

/** Has methods limited that are annotated with {@link RateLimited}. */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnClass(Advisor.class)
@ConditionalOnProperty(
    name = {"weir.enabled", "weir.annotations.enabled"},
    matchIfMissing = true)
@Import(WeirAnnotationAutoConfiguration.Proxies.class)
public final class WeirAnnotationAutoConfiguration {

  /** The name that Spring Boot gives its executor of tasks. */
  private static final String EXECUTOR = "applicationTaskExecutor";

  private static final boolean REACTOR_IS_THERE = isThere("reactor.core.publisher.Flux");
  private static final boolean WEB_IS_THERE =
      isThere("org.springframework.web.context.request.RequestContextHolder");
  private static final boolean SERVLETS_ARE_THERE =
      WEB_IS_THERE && isThere("jakarta.servlet.http.HttpServletResponse");

  private static boolean isThere(String type) {
    return ClassUtils.isPresent(type, WeirAnnotationAutoConfiguration.class.getClassLoader());
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static RateLimitedOperations weirRateLimitedOperations() {
    return new RateLimitedOperations();
  }

  /** Takes beans only when a method is called: it is made before others, to look at them. */
  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  @ConditionalOnMissingBean
  static RateLimitedAdvisor weirRateLimitedAdvisor(
      BeanFactory beans,
      RateLimitedOperations operations,
      ObjectProvider<WeirProperties> properties,
      ObjectProvider<RuleLimiters> limiters) {
    return new RateLimitedAdvisor(
        operations,
        new RateLimitedInterceptor(
            operations,
            limiters::getObject,
            new RateLimitedEvaluator(beans),
            new Permits(() -> Permits.Waiting.of(properties.getObject())),
            task -> executor(beans).execute(task),
            SERVLETS_ARE_THERE ? CallAnswers::ofThread : Optional::empty,
            REACTOR_IS_THERE ? reactiveCalls() : null),
        new ExpressionCheck(new DefaultParameterNameDiscoverer(), beans));
  }

  private static ReactiveCalls reactiveCalls() {
    return WEB_IS_THERE ? new ReactiveCalls(CallAnswers::ofSubscription) : new ReactiveCalls();
  }

  /** Has calls of WebFlux find the answer that they are for. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
  @ConditionalOnClass(ServerWebExchangeContextFilter.class)
  static class ExchangeConfiguration {
    @Bean
    @ConditionalOnMissingBean
    ServerWebExchangeContextFilter weirExchangeContextFilter() {
      return new ServerWebExchangeContextFilter();
    }
  }

  /** That of the application, which knows of its class loader and context, or the common pool. */
  private static Executor executor(BeanFactory beans) {
    return beans.containsBean(EXECUTOR)
        ? beans.getBean(EXECUTOR, Executor.class)
        : ForkJoinPool.commonPool();
  }

  /** Has beans proxied as Spring Boot is told to, whether or not AspectJ is there. */
  static final class Proxies implements ImportBeanDefinitionRegistrar, EnvironmentAware {
    private boolean ofClasses = true;
    private boolean isWanted = true;

    @Override
    public void setEnvironment(Environment environment) {
      isWanted = environment.getProperty("spring.aop.auto", Boolean.class, true);
      ofClasses = environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true);
    }

    @Override
    public void registerBeanDefinitions(
        AnnotationMetadata importing, BeanDefinitionRegistry registry) {
      if (!isWanted) {
        return;
      }
      AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
      if (ofClasses) {
        AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
      }
    }
  }
}
