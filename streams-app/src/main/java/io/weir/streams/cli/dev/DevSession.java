package io.weir.streams.cli.dev;

import io.weir.schemas.Decision;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.TopicReader;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.serde.AvroSerdes;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Users who ask, and the reader of their decisions, until it is time or the end is asked for. Fails
 * where what it waits for does not come. Not thread-safe.
 */
final class DevSession implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STALL_PATIENCE = Duration.ofSeconds(30);
  private static final Duration LAST_DECISIONS_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LAST_DECISIONS_WHEN_ASKED = Duration.ofSeconds(5);

  private final DevStack.Running running;
  private final DevStop stop;
  private final DecisionTally tally;
  private final String topic;
  private final Deserializer<Decision> decisions;
  private final TopicReader reader;
  private final DevTraffic traffic;

  /** A session in which nobody asks yet. */
  DevSession(DevStack.Running running, List<DevUser> users, DevStop stop) {
    this.running = running;
    this.stop = stop;
    this.tally = new DecisionTally(users);
    this.topic = running.settings().get(WeirSettings.TOPIC_DECISIONS);
    AvroSerdes serdes = ValueSerdes.impatient(running.settings());
    this.decisions = serdes.forValues(Decision.class).deserializer();
    this.reader = TopicReader.open(running.settings().consumerProperties(), topic);
    try {
      this.traffic = new DevTraffic(users, doors(serdes));
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private Map<DevDoor, DevRequests> doors(AvroSerdes serdes) {
    Map<DevDoor, DevRequests> doors = new EnumMap<>(DevDoor.class);
    doors.put(DevDoor.STREAM, new StreamRequests(running.settings(), serdes));
    running
        .gateway()
        .ifPresent(
            gateway -> {
              doors.put(DevDoor.HTTP, new HttpRequests(gateway.http()));
              doors.put(DevDoor.GRPC, new GrpcRequests(gateway.grpc()));
            });
    return doors;
  }

  /**
   * What came of it.
   *
   * @param requests requests that were sent
   * @param decisions decisions that were read
   * @param allowed decisions that allow
   * @param denied decisions that deny
   */
  record Summary(long requests, long decisions, long allowed, long denied) {}

  /**
   * Lets the users ask; returns when every request has its decision, or long after.
   *
   * @param time how long they ask; empty for until the end is asked for
   * @param onDecisions sees the decisions so far, some ten times a second
   */
  Summary run(Optional<Duration> time, Consumer<DecisionTally> onDecisions) {
    traffic.start();
    long startNanos = System.nanoTime();
    StallWatch stall = new StallWatch(STALL_PATIENCE, startNanos);
    while (!stop.isGiven() && !isOver(time, startNanos)) {
      read();
      if (stall.isStalled(traffic.asked(), tally.decisions(), System.nanoTime())) {
        throw stalled();
      }
      onDecisions.accept(tally);
    }
    if (stop.isGiven()) {
      traffic.abandon();
    } else {
      traffic.stop();
    }
    readTheLast();
    return new Summary(traffic.sent(), tally.decisions(), tally.allowed(), tally.denied());
  }

  /**
   * Returns if every request has its decision, or was not waited for.
   *
   * @throws CommandFailure if not
   */
  void requireAllDecided() {
    long missing = traffic.asked() - tally.decisions();
    if (missing > 0 && !stop.isGiven()) {
      throw new CommandFailure(
          "%d requests had no decision %d s after the last of them; the log of the broker is %s"
              .formatted(missing, LAST_DECISIONS_TIMEOUT.toSeconds(), running.broker().keepLog()));
    }
  }

  @Override
  public void close() {
    try {
      traffic.close();
    } finally {
      reader.close();
    }
  }

  private void readTheLast() {
    long startNanos = System.nanoTime();
    while (traffic.sent() < traffic.asked() || tally.decisions() < traffic.asked()) {
      Duration patience = stop.isGiven() ? LAST_DECISIONS_WHEN_ASKED : LAST_DECISIONS_TIMEOUT;
      if (stop.trouble().isPresent() || System.nanoTime() - startNanos >= patience.toNanos()) {
        return;
      }
      read();
    }
  }

  private void read() {
    if (running.application().exit().isDone()) {
      throw new CommandFailure(
          "Weir ended: " + running.application().exit().join().message().orElse("it was stopped"));
    }
    traffic.throwIfFailed();
    reader.poll(
        POLL, record -> tally.take(decisions.deserialize(topic, record.headers(), record.value())));
  }

  private static boolean isOver(Optional<Duration> time, long startNanos) {
    return time.isPresent() && System.nanoTime() - startNanos >= time.get().toNanos();
  }

  private CommandFailure stalled() {
    return new CommandFailure(
        "no decision came for %d s while requests went on; the log of the broker is %s"
            .formatted(STALL_PATIENCE.toSeconds(), running.broker().keepLog()),
        "is the machine very busy? Then try again when it is not");
  }
}
