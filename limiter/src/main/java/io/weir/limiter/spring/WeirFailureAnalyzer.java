package io.weir.limiter.spring;

import io.weir.limiter.BackendUnavailableException;
import io.weir.limiter.rule.RulesException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.annotation.Order;

/** Has Spring Boot say in a few lines what is wrong with settings, rules and annotations. */
@Order(0) // Before those of Spring Boot, which know less of a setting of ours.
final class WeirFailureAnalyzer implements FailureAnalyzer {
  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .map(WeirFailureAnalyzer::ofCause)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable FailureAnalysis ofCause(Throwable cause) {
    if (cause instanceof WeirStartException start) {
      return new FailureAnalysis(start.getMessage(), start.action(), cause);
    }
    if (cause instanceof BindException bind
        && bind.getName().equals(LimitSettings.LIMITS)
        && bind.getProperty() != null) {
      return ofCause(LimitSettings.nameless(bind.getProperty()));
    }
    if (cause instanceof RulesException rules) {
      return new FailureAnalysis(
          "The limits make no sense:\n\n    " + String.join("\n    ", rules.problems()),
          "Correct weir.limits, the variables WEIR_LIMITS_…, or the files that weir.rules names.",
          cause);
    }
    if (cause instanceof BackendUnavailableException) {
      return new FailureAnalysis(
          "The state of limits cannot be kept: " + cause.getMessage(),
          "Correct weir.redis.uri or weir.redis.cluster: the address, the user and the password.",
          cause);
    }
    return null;
  }
}
