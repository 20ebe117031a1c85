package io.weir.streams.containers;

import io.weir.streams.real.OnePerRun;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What {@link WithContainers} does. */
final class Containers extends OnePerRun implements ExecutionCondition {
  Containers() {
    super(Map.of(AppImage.class, AppImage::build, Surroundings.class, Surroundings::start));
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Engine engine =
        shared(context).getOrComputeIfAbsent(Engine.class, key -> Engine.find(), Engine.class);
    return engine
        .missing()
        .map(
            why -> {
              engine.skip(context.getRequiredTestClass().getSimpleName());
              return ConditionEvaluationResult.disabled(why);
            })
        .orElseGet(() -> ConditionEvaluationResult.enabled("there is a Docker engine"));
  }
}
