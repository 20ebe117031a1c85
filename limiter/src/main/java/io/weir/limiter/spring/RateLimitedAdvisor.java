package io.weir.limiter.spring;

import java.lang.reflect.Method;
import org.aopalliance.aop.Advice;
import org.springframework.aop.ClassFilter;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Has annotated methods of beans limited, and looks when all beans are there whether their
 * annotations name rules, parameters and beans that exist, and their settings make sense: what is
 * misspelt is found at the start and not by a user.
 */
final class RateLimitedAdvisor extends AbstractPointcutAdvisor
    implements SmartInitializingSingleton {
  private static final long serialVersionUID = 1L;

  /** Outside transactions and caches, whose advisors are the last by default. */
  static final int ORDER = Ordered.LOWEST_PRECEDENCE - 100;

  private final transient RateLimitedOperations operations;
  private final transient RateLimitedInterceptor interceptor;
  private final transient ExpressionCheck check;

  RateLimitedAdvisor(
      RateLimitedOperations operations, RateLimitedInterceptor interceptor, ExpressionCheck check) {
    this.operations = operations;
    this.interceptor = interceptor;
    this.check = check;
    setOrder(ORDER);
  }

  @Override
  public void afterSingletonsInstantiated() {
    interceptor.requireSense();
    operations
        .all()
        .forEach(
            operation -> {
              var unused = interceptor.limiter(operation);
              interceptor.requireReturnable(operation);
              check.check(operation);
            });
  }

  @Override
  public Pointcut getPointcut() {
    return new AnnotatedMethods(operations);
  }

  @Override
  public Advice getAdvice() {
    return interceptor;
  }

  private static final class AnnotatedMethods extends StaticMethodMatcherPointcut {
    private final RateLimitedOperations operations;

    AnnotatedMethods(RateLimitedOperations operations) {
      this.operations = operations;
    }

    @Override
    public ClassFilter getClassFilter() {
      return type -> AnnotationUtils.isCandidateClass(type, RateLimited.class);
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
      return !operations.of(method, targetClass).isEmpty();
    }
  }
}
