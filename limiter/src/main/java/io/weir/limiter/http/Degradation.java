package io.weir.limiter.http;

import io.weir.limiter.Decision;
import io.weir.limiter.Reason;
import java.util.Locale;
import java.util.Optional;

/** What an answer says where a decision was made without the state that it should be made by. */
public final class Degradation {
  /** Name of the field. */
  public static final String FIELD = "Weir-Degraded";

  /** Its value where the limiter failed altogether. */
  public static final String FAILED = "failed";

  private Degradation() {}

  /**
   * Its value for a decision: what the rule's {@code on_error} said, {@code allow}, {@code deny} or
   * {@code local}; empty where the decision is not degraded. Why it is, is for logs.
   */
  public static Optional<String> of(Decision decision) {
    if (!decision.degraded()) {
      return Optional.empty();
    }
    return Optional.of(
        decision.reason() == Reason.BACKEND_FAILED
            ? decision.verdict().name().toLowerCase(Locale.ROOT)
            : "local");
  }
}
