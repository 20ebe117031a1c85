package io.weir.streams.testkit;

import io.weir.limiter.words.Spans;
import io.weir.schemas.Decision;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Reason;
import io.weir.schemas.Verdict;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The decision on one request of a test, and what can be asserted of it. Each assertion throws an
 * {@link AssertionError} that shows the whole decision, or gives this back. Immutable.
 */
public final class Answer {
  private final String request;
  private final Decision decision;

  Answer(String request, Decision decision) {
    this.request = request;
    this.decision = decision;
  }

  /** The decision itself. */
  public Decision decision() {
    return decision;
  }

  /** The request was allowed. */
  public Answer isAllowed() {
    return require("the verdict", Verdict.ALLOW, decision.getVerdict());
  }

  /** The request was denied. */
  public Answer isDenied() {
    return require("the verdict", Verdict.DENY, decision.getVerdict());
  }

  /** The decision has that reason. */
  public Answer hasReason(Reason reason) {
    return require("the reason", reason, decision.getReason());
  }

  /** The binding limit, the first one of the decision, has so many tokens left. */
  public Answer hasRemaining(long tokens) {
    return require("what remains", tokens, binding().map(LimitStatus::getRemaining).orElse(null));
  }

  /** The binding limit, the first one of the decision, is that of the rule. */
  public Answer isBoundBy(String rule) {
    return require("the binding rule", rule, binding().map(LimitStatus::getRule).orElse(null));
  }

  /** The limits of exactly so many rules applied. */
  public Answer hasLimits(int number) {
    return require("the number of limits", number, decision.getStatuses().size());
  }

  /** The request may be sent again after that time, counted from its own. */
  public Answer retriesAfter(Duration wait) {
    Long millis = decision.getRetryAfterMs();
    return require("the retry time", wait, millis == null ? null : Duration.ofMillis(millis));
  }

  /** The decision names no time after which the request may be sent again. */
  public Answer hasNoRetryTime() {
    return require("the retry time in milliseconds", null, decision.getRetryAfterMs());
  }

  /** The request should wait so long for its turn. */
  public Answer delayedBy(Duration delay) {
    return require("the delay", delay, Duration.ofMillis(decision.getDelayMs()));
  }

  private Optional<LimitStatus> binding() {
    return decision.getStatuses().stream().findFirst();
  }

  private Answer require(String what, @Nullable Object expected, @Nullable Object actual) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError(
          "expected " + what + " to be " + shown(expected) + ", but it is " + shown(actual) + this);
    }
    return this;
  }

  private static String shown(@Nullable Object value) {
    if (value instanceof Duration duration) {
      return Spans.exact(duration);
    }
    return value == null ? "none" : value.toString();
  }

  /** The request and the decision, over several lines. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("\n  request   ").append(request);
    text.append("\n  decision  ").append(decision.getVerdict());
    text.append(", ").append(decision.getReason());
    if (decision.getMessage() != null) {
      text.append(": ").append(decision.getMessage());
    }
    if (decision.getRetryAfterMs() != null) {
      text.append(", retry after ").append(shown(Duration.ofMillis(decision.getRetryAfterMs())));
    }
    if (decision.getDelayMs() > 0) {
      text.append(", delay ").append(shown(Duration.ofMillis(decision.getDelayMs())));
    }
    for (LimitStatus status : decision.getStatuses()) {
      text.append("\n  limit     ").append(describe(status));
    }
    if (decision.getStatuses().isEmpty()) {
      text.append("\n  limit     none applied");
    }
    return text.toString();
  }

  private static String describe(LimitStatus status) {
    return status.getRule()
        + ": "
        + status.getVerdict()
        + " by "
        + status.getAlgorithm()
        + " "
        + status.getLimit()
        + " per "
        + shown(Duration.ofMillis(status.getPeriodMs()))
        + ", "
        + status.getMode()
        + ", "
        + status.getRemaining()
        + " of "
        + status.getBurst()
        + " remaining, full again at "
        + status.getResetAt();
  }
}
