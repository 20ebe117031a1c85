package io.weir.streams.cli.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.gateway.decisions.DecisionLog;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.topology.DecisionRecords;
import io.weir.streams.topology.WeirSerdes;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Starts the log of a gateway's decisions as the settings say. */
public final class DecisionLogFactory {
  private DecisionLogFactory() {}

  /**
   * The log, if the settings want one, started; who closes it has closed everything. Neither
   * brokers nor registry need to be there yet.
   *
   * @param stopTime bounds how long its closing takes
   * @param meters where it is counted what is written and what is not
   * @throws CommandFailure if the settings of the registry are wrong
   * @throws org.apache.kafka.common.KafkaException if Kafka's settings make no producer
   */
  public static Optional<DecisionLog> start(
      Settings settings, StopTime stopTime, MeterRegistry meters) {
    if (!settings.get(WeirSettings.GATEWAY_DECISIONS)) {
      return Optional.empty();
    }
    // Not stopped before it is closed: what waits then may need the registry.
    WeirSerdes serdes = WeirSerdes.from(ValueSerdes.patient(settings, new StopSignal()));
    return Optional.of(
        DecisionLog.start(
            new DecisionRecords(settings.get(WeirSettings.TOPIC_DECISIONS), serdes.decided()),
            new KafkaProducer<>(
                settings.decisionsProducerProperties(),
                new ByteArraySerializer(),
                new ByteArraySerializer()),
            settings.get(WeirSettings.GATEWAY_DECISIONS_MAX_WAITING),
            stopTime,
            meters));
  }
}
