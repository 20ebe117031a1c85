package io.weir.streams.gateway.decisions;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of decisions that are lost, or that wait for Kafka or the registry, without
 * flooding it: a warning at first, then at most one each half minute. Thread-safe.
 */
final class LostDecisions {
  private static final Logger LOG = LoggerFactory.getLogger(LostDecisions.class);
  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final String topic;
  private final DecisionLogMetrics metrics;
  private final LongSupplier nanos;
  private final AtomicReference<@Nullable Throwable> lastFailure = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> obstacle = new AtomicReference<>();
  private final Map<LossReason, Long> reported = new EnumMap<>(LossReason.class);
  private boolean hasReported;
  private long reportedNanos;
  private boolean hasMetUnexpected;
  private long unexpectedNanos;

  /**
   * Reports what the metrics count.
   *
   * @param nanos nanoseconds from some fixed point
   */
  LostDecisions(String topic, DecisionLogMetrics metrics, LongSupplier nanos) {
    this.topic = topic;
    this.metrics = metrics;
    this.nanos = nanos;
  }

  /** One decision is lost for a reason of its own. */
  void failed(Throwable failure) {
    metrics.lost(LossReason.FAILED, 1);
    lastFailure.set(failure);
  }

  /** Decisions wait, for a reason that is none of theirs. */
  void delayed(Throwable failure) {
    obstacle.set(failure);
  }

  /** Something happened that nobody expects: told with its trace. Throws nothing. */
  synchronized void unexpected(Throwable fault) {
    if (hasMetUnexpected && nanos.getAsLong() - unexpectedNanos < REPEAT_NANOS) {
      return;
    }
    hasMetUnexpected = true;
    unexpectedNanos = nanos.getAsLong();
    try {
      LOG.error("The log of the gateway's decisions met a fault, and goes on", fault);
    } catch (RuntimeException | Error untold) {
      // As where there is no memory; decisions are written when there is some again.
    }
  }

  /** Reports what was not reported yet, if it is time to. */
  synchronized void report() {
    if (!hasReported || nanos.getAsLong() - reportedNanos >= REPEAT_NANOS) {
      reportAll();
    }
  }

  /** Reports what was not reported yet. */
  synchronized void reportAll() {
    List<String> news = new ArrayList<>();
    for (LossReason reason : LossReason.values()) {
      addLosses(reason, news);
    }
    @Nullable Throwable why = obstacle.getAndSet(null);
    if (why != null) {
      news.add("decisions of the gateway wait to be written to " + topic + ": " + why);
    }
    if (!news.isEmpty()) {
      LOG.warn("{}", String.join("; ", news));
      hasReported = true;
      reportedNanos = nanos.getAsLong();
    }
  }

  private void addLosses(LossReason reason, List<String> news) {
    long all = metrics.lost(reason);
    long fresh = all - reported.getOrDefault(reason, 0L);
    if (fresh > 0) {
      reported.put(reason, all);
      @Nullable Throwable why = reason == LossReason.FAILED ? lastFailure.getAndSet(null) : null;
      news.add(
          "decisions of the gateway that are not on %s: %,d, which %s%s"
              .formatted(topic, fresh, reason.sentence(), why == null ? "" : ", the last: " + why));
    }
  }
}
