package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Decisions of the library as records of the decisions topic. */
public final class Decisions {
  private Decisions() {}

  /** What {@link DecisionWriter} writes, as a record. */
  public static io.weir.schemas.Decision toRecord(DecidedRequest decided) {
    Decision decision = decided.decision();
    List<io.weir.schemas.LimitStatus> statuses = new ArrayList<>(decision.statuses().size());
    for (LimitStatus status : decision.statuses()) {
      statuses.add(toRecord(status));
    }
    return new io.weir.schemas.Decision(
        decided.requestId(),
        decided.domain(),
        orNull(decision.identifier()),
        toRecord(decision.verdict()),
        io.weir.schemas.Reason.valueOf(decision.reason().name()),
        orNull(decision.message()),
        orNull(decision.retryAfterMillis()),
        decision.delayMillis(),
        statuses,
        decision.rulesRevision(),
        decided.duplicate(),
        Instant.ofEpochMilli(decision.timestampMillis()),
        Instant.ofEpochMilli(decision.nowMillis()),
        decision.degraded());
  }

  static io.weir.schemas.LimitStatus toRecord(LimitStatus status) {
    return new io.weir.schemas.LimitStatus(
        status.rule(),
        status.stateKey(),
        status.limit().algorithm().name(),
        io.weir.schemas.LimitMode.valueOf(status.mode().name()),
        toRecord(status.verdict()),
        status.limit().requests(),
        status.limit().periodMillis(),
        status.limit().burst(),
        status.remaining(),
        Instant.ofEpochMilli(status.resetAtMillis()),
        orNull(status.retryAfterMillis()),
        status.delayMillis());
  }

  static io.weir.schemas.Verdict toRecord(Verdict verdict) {
    return verdict == Verdict.ALLOW ? io.weir.schemas.Verdict.ALLOW : io.weir.schemas.Verdict.DENY;
  }

  // Avro's optional fields are nulls; this is the one place that makes them.

  private static @Nullable String orNull(Optional<String> text) {
    return text.orElse(null);
  }

  private static @Nullable Long orNull(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }
}
