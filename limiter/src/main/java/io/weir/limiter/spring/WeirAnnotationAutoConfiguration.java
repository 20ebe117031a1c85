package io.weir.limiter.spring;

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
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

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

  private static final boolean REACTOR_IS_THERE =
      ClassUtils.isPresent(
          "reactor.core.publisher.Flux", WeirAnnotationAutoConfiguration.class.getClassLoader());

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
            REACTOR_IS_THERE ? new ReactiveCalls() : null),
        new ExpressionCheck(new DefaultParameterNameDiscoverer(), beans));
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
