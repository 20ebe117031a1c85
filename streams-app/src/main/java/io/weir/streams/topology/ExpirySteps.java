package io.weir.streams.topology;

import io.weir.streams.store.ExpiringRows;
import io.weir.streams.store.Expiry;
import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Forgets idle rows of one task's store, a step at a time, until it is closed: in quick succession
 * while there is something to do, else now and then, because Kafka Streams takes each step for work
 * and commits after it. One for each store. For the task's thread.
 */
final class ExpirySteps implements AutoCloseable {
  private final ProcessorContext<byte[], byte[]> context;
  private final TopologyMetrics metrics;
  private final Duration interval;
  private final Duration stepInterval;
  private final long latenessMillis;
  private final Expiry expiry;
  private boolean isUnderWay;
  private Cancellable steps;

  /** Steps that are scheduled. */
  ExpirySteps(ProcessorContext<byte[], byte[]> context, TopologyParts parts) {
    TopologySettings settings = parts.settings();
    ExpiringRows rows = context.getStateStore(TopologyNames.LIMITS_STORE);
    this.context = context;
    this.metrics = parts.metrics();
    this.interval = settings.expiry().interval();
    this.stepInterval = settings.expiry().stepInterval();
    this.latenessMillis = settings.lateness().toMillis();
    this.expiry = new Expiry(rows, settings.expiry(), parts.expiryShares(), System::nanoTime);
    this.steps = schedule(interval);
  }

  private Cancellable schedule(Duration pause) {
    return context.schedule(pause, PunctuationType.WALL_CLOCK_TIME, now -> step());
  }

  private void step() {
    long startNanos = System.nanoTime();
    int expired =
        expiry.step(LimitJudge.floorMillis(context.currentStreamTimeMs(), latenessMillis));
    metrics.expiryStepped(System.nanoTime() - startNanos, expiry.takeScanned(), expired);
    if (expiry.isUnderWay() != isUnderWay) {
      isUnderWay = expiry.isUnderWay();
      steps.cancel();
      steps = schedule(isUnderWay ? stepInterval : interval);
    }
  }

  /**
   * Ends the expiry. Kafka Streams closes a corrupted task's processors and initializes the same
   * ones again, and keeps what they scheduled before.
   */
  @Override
  public void close() {
    steps.cancel();
    expiry.close();
  }
}
