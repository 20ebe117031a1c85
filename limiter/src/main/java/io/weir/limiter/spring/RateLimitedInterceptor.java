package io.weir.limiter.spring;

import io.weir.limiter.http.RateLimitHeaders;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.expression.EvaluationContext;

/** Makes calls of annotated methods that their rules allow. Thread-safe. */
final class RateLimitedInterceptor implements MethodInterceptor {
  private final RateLimitedOperations operations;
  private final Supplier<RuleLimiters> limiters;
  private final RateLimitedEvaluator evaluator;
  private final Permits permits;
  private final Executor executor;
  private final Supplier<Optional<RateLimitHeaders.Answer>> answers;
  private final @Nullable ReactiveCalls reactive;

  /**
   * An interceptor.
   *
   * @param limiters asked at each call, as they may not be there yet when methods are found
   * @param executor makes calls of methods that return a stage, where the answer came later: who
   *     brings it must not be blocked
   * @param answers the answer to the request that the caller's thread serves, if it serves one
   * @param reactive makes reactive calls; null where Reactor is not there
   */
  RateLimitedInterceptor(
      RateLimitedOperations operations,
      Supplier<RuleLimiters> limiters,
      RateLimitedEvaluator evaluator,
      Permits permits,
      Executor executor,
      Supplier<Optional<RateLimitHeaders.Answer>> answers,
      @Nullable ReactiveCalls reactive) {
    this.operations = operations;
    this.limiters = limiters;
    this.evaluator = evaluator;
    this.permits = permits;
    this.executor = executor;
    this.answers = answers;
    this.reactive = reactive;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Object target = Objects.requireNonNull(invocation.getThis(), "no method of an object");
    Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), target.getClass());
    Class<?> returned = method.getReturnType();
    boolean isStage = CompletionStage.class.isAssignableFrom(returned);
    if (!isStage && reactive != null && reactive.isReactive(returned)) {
      List<Permits.Asked> asked = ask(invocation, target, method);
      return reactive.call(
          returned, () -> permits.acquireAsync(asked), () -> proceedAgain(invocation));
    }
    if (isStage) {
      return later(invocation, ask(invocation, target, method));
    }
    acquire(ask(invocation, target, method), method);
    return invocation.proceed();
  }

  private void acquire(List<Permits.Asked> asked, Method method) throws InterruptedException {
    try {
      tell(permits.acquire(asked));
    } catch (InterruptedException e) {
      if (Arrays.stream(method.getExceptionTypes())
          .anyMatch(declared -> declared.isAssignableFrom(InterruptedException.class))) {
        throw e;
      }
      // Callers do not expect it, and a proxy would wrap it so that nobody sees the interrupt.
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the turn of " + method, e);
    }
  }

  private void tell(Permits.Permit permit) {
    if (permit.isDegraded()) {
      answers.get().ifPresent(permit::tell);
    }
  }

  private List<Permits.Asked> ask(MethodInvocation invocation, Object target, Method method) {
    EvaluationContext context = evaluator.context(target, method, invocation.getArguments());
    return operations.of(method, target.getClass()).stream()
        .map(operation -> ask(operation, context))
        .toList();
  }

  private Permits.Asked ask(RateLimitedOperation operation, EvaluationContext context) {
    RuleLimiter rule = limiter(operation);
    List<String> keys = RateLimitedEvaluator.keys(operation, context);
    long cost = RateLimitedEvaluator.cost(operation, context);
    return new Permits.Asked(rule, rule.limit().request(keys, cost));
  }

  /**
   * Looks whether answers that come later can be of the type that the method returns.
   *
   * @throws WeirStartException if not
   */
  void requireReturnable(RateLimitedOperation operation) {
    Class<?> returned = operation.method().getReturnType();
    Class<?> made = returned;
    if (CompletionStage.class.isAssignableFrom(returned)) {
      made = CompletableFuture.class;
    } else if (reactive != null && reactive.isReactive(returned)) {
      made = reactive.made(returned);
    }
    if (!returned.isAssignableFrom(made)) {
      throw WeirStartException.ofAnnotation(
          operation.place()
              + " is on a method that returns "
              + returned.getSimpleName()
              + ", which cannot be made of an answer that comes later; it must return "
              + made.getSimpleName()
              + ", or a type that this implements",
          null);
    }
  }

  /**
   * Looks at the settings of calls.
   *
   * @throws WeirStartException if one makes no sense
   */
  void requireSense() {
    permits.requireSense();
  }

  /**
   * The limiter that an annotation names.
   *
   * @throws IllegalStateException if there is none, or the annotation has other keys than its rule
   */
  RuleLimiter limiter(RateLimitedOperation operation) {
    RuleLimiter rule;
    try {
      rule = limiters.get().of(operation.annotation().domain(), operation.annotation().rule());
    } catch (IllegalArgumentException e) {
      throw WeirStartException.ofAnnotation(operation.place() + ": " + e.getMessage(), e);
    }
    if (rule.limit().keys().size() != operation.keys().size()) {
      throw WeirStartException.ofAnnotation(
          operation.place()
              + " has "
              + operation.keys().size()
              + " keys; it must have one for each of "
              + rule.limit().keys(),
          null);
    }
    return rule;
  }

  private @Nullable CompletionStage<@Nullable Object> later(
      MethodInvocation invocation, List<Permits.Asked> asked) {
    CompletableFuture<Permits.Permit> permit = permits.acquireAsync(asked);
    if (permit.isDone() && !permit.isCompletedExceptionally()) {
      tell(permit.join());
      // The caller's thread makes the call, and has its own stage, as if nothing were between.
      return stage(invocation);
    }
    return LaterCall.of(
        new Claim<>(permit, Permits.Permit::giveBack),
        executor,
        () -> requireStage(stage(proceedable(invocation)), invocation.getMethod()));
  }

  @SuppressWarnings("unchecked") // the method's return type says so
  private static @Nullable CompletionStage<@Nullable Object> stage(MethodInvocation invocation) {
    try {
      return (CompletionStage<@Nullable Object>) invocation.proceed();
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The caller was given one already. */
  private static CompletionStage<@Nullable Object> requireStage(
      @Nullable CompletionStage<@Nullable Object> stage, Method method) {
    return stage == null ? CompletableFuture.failedFuture(returnedNull(method)) : stage;
  }

  /** As whoever goes on with null would fail. */
  private static NullPointerException returnedNull(Method method) {
    return new NullPointerException(
        method.getDeclaringClass().getSimpleName()
            + "."
            + method.getName()
            + " returned null; it must return a "
            + method.getReturnType().getSimpleName());
  }

  /** One that goes on from here, also after others have gone on. */
  private static MethodInvocation proceedable(MethodInvocation invocation) {
    return invocation instanceof ProxyMethodInvocation proxied
        ? proxied.invocableClone()
        : invocation;
  }

  private static Object proceedAgain(MethodInvocation invocation) throws Throwable {
    Object publisher = proceedable(invocation).proceed();
    if (publisher == null) {
      throw returnedNull(invocation.getMethod());
    }
    return publisher;
  }
}
