package io.weir.benchmarks.pipeline;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.streams.topology.TopologyNames;
import io.weir.streams.topology.WeirSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** A Kafka Streams application. */
final class StreamsPipe implements Pipe {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(30);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(60);

  private final AppSpec spec;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RestoreWatch restore = new RestoreWatch();
  private final CountDownLatch settled = new CountDownLatch(1);
  private final KafkaStreams streams;
  private final StreamsMeters meters;
  private volatile List<? extends Metric> processed = List.of();
  private volatile String failure = "";
  private final MeteredClients clients = new MeteredClients();
  private Optional<PipeStats> beforeFinish = Optional.empty();

  StreamsPipe(AppSpec spec, WeirSerdes serdes) {
    this.spec = spec;
    this.streams =
        new KafkaStreams(
            BenchTopologies.of(spec, serdes, registry), spec.streamsProperties(), clients);
    this.meters = new StreamsMeters(streams, registry);
    streams.setGlobalStateRestoreListener(restore);
    streams.setUncaughtExceptionHandler(
        thrown -> {
          failure = String.valueOf(thrown);
          settled.countDown();
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener(
        (newState, oldState) -> {
          if (newState == State.RUNNING || newState == State.ERROR) {
            settled.countDown();
          }
        });
  }

  @Override
  public void start() throws InterruptedException {
    streams.start();
    if (!settled.await(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(
          spec.application() + " was not running within " + START_TIMEOUT.toMinutes() + " min");
    }
    processed = meters.find("stream-thread-metrics", "process-total");
    requireAlive();
  }

  @Override
  public long processed() {
    requireAlive();
    return StreamsMeters.sum(processed);
  }

  /** How many records of changelogs this instance has yet to read, for standby copies too. */
  long lag() {
    return streams.allLocalStorePartitionLags().values().stream()
        .flatMap(lags -> lags.values().stream())
        .mapToLong(lag -> lag.offsetLag())
        .sum();
  }

  /** How many copies of state are here, active ones and standbys. */
  int copies() {
    return streams.allLocalStorePartitionLags().values().stream()
        .mapToInt(java.util.Map::size)
        .sum();
  }

  /** The longest step of expiry of late, in milliseconds. */
  double longestStepMillis() {
    return meters.longestStepMillis();
  }

  /**
   * Its meters are gone once it has stopped, but for its producers': they are read now, and kept.
   */
  @Override
  public void finish() {
    beforeFinish = Optional.of(stats());
    stop(Duration.ZERO);
  }

  @Override
  public PipeStats stats() {
    String changelog = TopologyNames.limitsChangelog(spec.application());
    return beforeFinish
        .orElseGet(this::measured)
        .withSent(
            clients.sent("record-send-total", spec.topics().decisions()),
            clients.sent("record-send-total", changelog),
            clients.sent("byte-total", changelog));
  }

  private PipeStats measured() {
    return new PipeStats(
        0,
        meters.allowed(),
        0,
        0,
        meters.blockCacheBytes(),
        meters.memtableBytes(),
        restore.records(),
        meters.restoredBytes(),
        restore.millis(),
        meters.rowsExpired(),
        meters.longestStepMillis());
  }

  @Override
  public void close() {
    stop(CLOSE_TIMEOUT);
    registry.close();
  }

  /** Leaves the group: else the next one of the same name would wait for this one's session. */
  private void stop(Duration timeout) {
    boolean unused =
        streams.close(
            CloseOptions.timeout(timeout)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
  }

  private void requireAlive() {
    if (!failure.isEmpty()) {
      throw new IllegalStateException(spec.application() + " failed: " + failure);
    }
  }
}
