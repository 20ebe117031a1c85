package io.weir.limiter;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.RateUnit;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A guarded call was not made, as the decision was to deny it. The message says who is over which
 * limit and when to try again: {@code user_id=42 is over its limit per-user (100 per second); retry
 * in 350 ms}. It names the identifier, so it is for logs, not for strangers.
 */
public class RateLimitExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Decision decision;

  /**
   * An exception for a decision.
   *
   * @throws IllegalArgumentException if it is to allow
   */
  public RateLimitExceededException(Decision decision) {
    super(message(decision));
    if (decision.isAllowed()) {
      throw new IllegalArgumentException("the request is allowed: " + decision);
    }
    this.decision = decision;
  }

  /**
   * The decision.
   *
   * @throws NullPointerException if this is a copy that was serialized, which has none
   */
  public Decision decision() {
    return Objects.requireNonNull(decision, "a decision is not serialized");
  }

  private static String message(Decision decision) {
    String who = decision.identifier().map(RateLimitExceededException::who).orElse("the request");
    return switch (decision.reason()) {
      case OVER_LIMIT -> who + " is over its limit" + limit(decision) + retry(decision);
      case NEVER_FITS ->
          who + " asks for more than its limit" + limit(decision) + " admits at once";
      case BACKEND_FAILED -> who + " is denied, as its limits could not be asked" + why(decision);
      default -> who + " is denied: " + decision.reason() + why(decision);
    };
  }

  /** The identifier without the domain, as it is encoded. */
  private static String who(String identifier) {
    return identifier.substring(identifier.indexOf('/') + 1);
  }

  private static String limit(Decision decision) {
    if (decision.statuses().isEmpty()) {
      return "";
    }
    LimitStatus binding = decision.statuses().get(0);
    Limit limit = binding.limit();
    String rate = limit.requests() + " per " + period(limit.periodMillis());
    String burst = limit.burst() == limit.requests() ? "" : ", burst " + limit.burst();
    return " " + binding.rule() + " (" + rate + burst + ")";
  }

  private static String period(long millis) {
    Optional<RateUnit> unit = RateUnit.dividing(millis);
    if (unit.isEmpty()) {
      return Spans.exact(Duration.ofMillis(millis));
    }
    long units = millis / unit.get().millis();
    String name = unit.get().yamlName();
    return units == 1 ? name : units + " " + name + "s";
  }

  private static String retry(Decision decision) {
    return decision.retryAfterMillis().isPresent()
        ? "; retry in " + Spans.of(decision.retryAfterMillis().getAsLong())
        : "";
  }

  private static String why(Decision decision) {
    return decision.message().map(why -> ": " + why).orElse("");
  }
}
