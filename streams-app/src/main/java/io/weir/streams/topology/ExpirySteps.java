package io.weir.streams.topology;

import io.weir.streams.store.Expiry;
import io.weir.streams.store.LimitStore;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Forgets idle rows of one task's store, a step at each interval, until it is closed. One for each
 * store. For the task's thread.
 */
final class ExpirySteps implements AutoCloseable {
  private final Cancellable steps;

  /** Steps that are scheduled. */
  ExpirySteps(
      ProcessorContext<byte[], byte[]> context,
      TopologySettings settings,
      TopologyMetrics metrics) {
    LimitStore store = context.getStateStore(TopologyNames.LIMITS_STORE);
    Expiry expiry = new Expiry(store, settings.expiry(), System::nanoTime);
    long latenessMillis = settings.lateness().toMillis();
    this.steps =
        context.schedule(
            settings.expiry().interval(),
            PunctuationType.WALL_CLOCK_TIME,
            now ->
                metrics.rowsExpired(
                    expiry.step(
                        LimitJudge.floorMillis(context.currentStreamTimeMs(), latenessMillis))));
  }

  /**
   * Ends the expiry. Kafka Streams closes a corrupted task's processors and initializes the same
   * ones again, and keeps what they scheduled before.
   */
  @Override
  public void close() {
    steps.cancel();
  }
}
