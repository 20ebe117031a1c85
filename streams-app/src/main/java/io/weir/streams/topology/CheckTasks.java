package io.weir.streams.topology;

import io.weir.schemas.LimitCheck;
import io.weir.schemas.RequestEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tasks of checks: what requests ask for, and in the records of the repartition topic. */
final class CheckTasks {
  private CheckTasks() {}

  static io.weir.schemas.CheckTask name(CheckTask task) {
    if (task instanceof CheckTask.Refund) {
      return io.weir.schemas.CheckTask.REFUND;
    }
    return task instanceof CheckTask.Reset
        ? io.weir.schemas.CheckTask.RESET
        : io.weir.schemas.CheckTask.CHARGE;
  }

  static long cost(CheckTask task) {
    if (task instanceof CheckTask.Charge charge) {
      return charge.cost();
    }
    return task instanceof CheckTask.Refund refund ? refund.cost() : 0;
  }

  static @Nullable Long chargedAtMillis(CheckTask task) {
    return task instanceof CheckTask.Refund refund ? refund.chargedAtMillis() : null;
  }

  /** What a valid request asks of each identifier's limits. */
  static CheckTask of(RequestEvent event) {
    return switch (event.getOperation()) {
      case CHECK -> new CheckTask.Charge(event.getCost());
      case PEEK -> new CheckTask.Charge(0);
      case REFUND ->
          new CheckTask.Refund(
              event.getCost(), Objects.requireNonNull(event.getChargedAt()).toEpochMilli());
      case RESET -> new CheckTask.Reset();
      case UNKNOWN -> throw new IllegalArgumentException("the operation is not known");
    };
  }

  /**
   * The task of a record.
   *
   * @throws IllegalStateException if this instance does not know it
   */
  static CheckTask of(LimitCheck check) {
    return switch (check.getTask()) {
      case CHARGE -> new CheckTask.Charge(check.getCost());
      case REFUND ->
          new CheckTask.Refund(
              check.getCost(), check.getChargedAtMs() == null ? 0 : check.getChargedAtMs());
      case RESET -> new CheckTask.Reset();
      case UNKNOWN ->
          throw new IllegalStateException(
              "request "
                  + check.getRequestId()
                  + " asks for a task that this instance does not know; a newer one wrote it");
    };
  }
}
