package io.weir.streams.app;

import io.weir.streams.query.Readiness;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/**
 * What is known of the application at one moment.
 *
 * @param stopping whether a stop has begun
 * @param ended whether it has ended; without a stop, it did so by an error
 * @param state what Kafka Streams says; empty until the rules are loaded
 * @param whyNoRules why no rules are in force although there are some, if so
 * @param restoring how far the restoring of the state is, in words; empty while there is none
 */
record Condition(
    boolean stopping,
    boolean ended,
    Optional<KafkaStreams.State> state,
    Optional<String> whyNoRules,
    Optional<String> restoring) {

  /** Whether queries can be answered. */
  Readiness readiness() {
    if (stopping) {
      return stopped();
    }
    if (ended) {
      return failed();
    }
    return switch (state.orElse(KafkaStreams.State.CREATED)) {
      case RUNNING -> running();
      case CREATED ->
          new Readiness.NotReady(Readiness.Phase.STARTING, "the rules are being loaded");
      case REBALANCING -> withoutPartitions();
      case PENDING_SHUTDOWN, NOT_RUNNING -> stopped();
      case PENDING_ERROR, ERROR -> failed();
    };
  }

  /** What was asked about limits that are there would be answered as if there were none. */
  private Readiness running() {
    return whyNoRules.<Readiness>map(Readiness.NotReady::noRules).orElseGet(Readiness.Ready::new);
  }

  private Readiness withoutPartitions() {
    return restoring
        .map(
            progress ->
                new Readiness.NotReady(
                    Readiness.Phase.RESTORING, "the state is being restored: " + progress))
        .orElseGet(
            () ->
                new Readiness.NotReady(
                    Readiness.Phase.REBALANCING, "the group is sharing out its partitions anew"));
  }

  private static Readiness stopped() {
    return new Readiness.NotReady(Readiness.Phase.STOPPING, "the application is stopping");
  }

  private static Readiness failed() {
    return new Readiness.NotReady(
        Readiness.Phase.FAILED, "the application ended by an error; see its log");
  }
}
