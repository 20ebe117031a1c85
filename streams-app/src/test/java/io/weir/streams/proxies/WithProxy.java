package io.weir.streams.proxies;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** On tests that run a proxy: where it is not installed they are skipped, and one line says so. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithProxy.Condition.class)
@interface WithProxy {
  /** The proxy. */
  ProxyProgram value();

  /** Asked for a class; its tests are then asked for one by one, and say nothing. */
  final class Condition implements ExecutionCondition {
    @Override
    @SuppressWarnings("SystemOut")
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Class<?> test = context.getRequiredTestClass();
      ProxyProgram proxy = test.getAnnotation(WithProxy.class).value();
      Optional<String> missing = proxy.missing();
      if (missing.isPresent() && context.getTestMethod().isEmpty()) {
        System.out.println(test.getSimpleName() + " is skipped: " + missing.get() + ".");
      }
      return missing
          .map(ConditionEvaluationResult::disabled)
          .orElseGet(() -> ConditionEvaluationResult.enabled("there is " + proxy.program()));
    }
  }
}
