package io.weir.limiter.redis;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * On tests, and properties of jqwik, that need a {@link RedisContainer}: where there can be none
 * they are skipped, and one line says why.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithDocker.Condition.class)
@AddLifecycleHook(WithDocker.Condition.class)
@interface WithDocker {

  /** Asks once for all tests of a JVM. */
  final class Condition implements ExecutionCondition, SkipExecutionHook {
    private static final class Answer {
      static final Optional<String> MISSING = RedisContainer.missing();

      static {
        MISSING.ifPresent(
            why -> System.out.println("Tests with containers are skipped: " + why + "."));
      }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return Answer.MISSING
          .map(ConditionEvaluationResult::disabled)
          .orElseGet(() -> ConditionEvaluationResult.enabled("there is a Docker engine"));
    }

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      return Answer.MISSING.map(SkipResult::skip).orElseGet(SkipResult::doNotSkip);
    }
  }
}
