package io.weir.streams.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/** One line for each change of the application's state. Thread-safe. */
final class StateLog implements KafkaStreams.StateListener {
  private final String applicationId;
  private final InstantSource clock;
  private final BooleanSupplier stopping;
  private final Consumer<String> lines;
  private Instant since;

  /**
   * A log of changes from now on.
   *
   * @param stopping whether the stop was asked for: a start that is broken off ends by an error, as
   *     Kafka Streams sees it
   * @param lines takes the lines
   */
  StateLog(
      String applicationId, InstantSource clock, BooleanSupplier stopping, Consumer<String> lines) {
    this.applicationId = applicationId;
    this.clock = clock;
    this.stopping = stopping;
    this.lines = lines;
    this.since = clock.instant();
  }

  @Override
  public synchronized void onChange(State newState, State oldState) {
    Instant now = clock.instant();
    String took = Durations.text(Duration.between(since, now));
    since = now;
    lines.accept(line(newState, oldState, took));
  }

  private String line(State newState, State oldState, String took) {
    return switch (newState) {
      case CREATED -> "Created";
      case REBALANCING ->
          oldState == State.CREATED
              ? "Starting: loading the rules and joining the group " + applicationId
              : "Rebalancing: the group "
                  + applicationId
                  + " shares out its partitions anew; queries answer 503 meanwhile";
      case RUNNING -> "Running: requests are judged (that took " + took + ")";
      case PENDING_SHUTDOWN -> "Stopping: finishing what is under way and leaving the group";
      case NOT_RUNNING -> "Stopped (after " + took + ")";
      case PENDING_ERROR -> "Stopping" + becauseOfAnError();
      case ERROR -> "Stopped" + becauseOfAnError() + " (after " + took + ")";
    };
  }

  private String becauseOfAnError() {
    return stopping.getAsBoolean() ? "" : " because of an error";
  }
}
