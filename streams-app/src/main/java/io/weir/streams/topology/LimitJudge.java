package io.weir.streams.topology;

import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.streams.store.Expiry;
import io.weir.streams.store.LimitStore;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Judges checks by the rows of one task's store, and forgets idle rows, until it is closed. For the
 * task's thread.
 */
final class LimitJudge implements AutoCloseable {
  private final Judge judge = new Judge();
  private final LimitStore store;
  private final LongSupplier streamTimeMillis;
  private final long latenessMillis;
  private final Expiry expiry;
  private final Cancellable expirySteps;

  /** A judge over the task's store, with its expiry scheduled. */
  LimitJudge(
      ProcessorContext<byte[], byte[]> context,
      TopologySettings settings,
      TopologyMetrics metrics) {
    this.store = context.getStateStore(TopologyNames.LIMITS_STORE);
    this.streamTimeMillis = context::currentStreamTimeMs;
    this.latenessMillis = settings.lateness().toMillis();
    this.expiry = new Expiry(store, settings.expiry(), System::nanoTime);
    this.expirySteps =
        context.schedule(
            settings.expiry().interval(),
            PunctuationType.WALL_CLOCK_TIME,
            now -> metrics.rowsExpired(expiry.step(floorMillis())));
  }

  /**
   * Ends the expiry. Kafka Streams closes a corrupted task's processors and initializes the same
   * ones again, and keeps what they scheduled before.
   */
  @Override
  public void close() {
    expirySteps.cancel();
  }

  /**
   * Judges one check and writes what it charges.
   *
   * @param timestampMillis the request's own time
   */
  Decision judge(RequestCheck check, long timestampMillis) {
    Judgement judgement =
        judge.judge(
            new Check(
                check.identifier(),
                check.limits(),
                check.cost(),
                timestampMillis,
                floorMillis(),
                check.rulesRevision()),
            store::get);
    for (Judgement.Write write : judgement.writes()) {
      store.put(write.stateKey(), write.row());
      expiry.written(write.row());
    }
    return judgement.decision();
  }

  /**
   * The earliest time that may be judged at. Stream time holds the record that is being judged; it
   * is -1 before the first one, which makes the floor negative, and a negative floor is none.
   */
  private long floorMillis() {
    return streamTimeMillis.getAsLong() - latenessMillis;
  }
}
