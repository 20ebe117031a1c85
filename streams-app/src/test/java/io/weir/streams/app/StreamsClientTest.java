package io.weir.streams.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.serde.StopSignal;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StreamsClientTest {
  @TempDir Path state;

  @Test
  @Timeout(60)
  void aStartThatEndsByAnErrorIsNotWaitedForForEver() {
    StreamsBuilder topology = new StreamsBuilder();
    topology.stream("requests").foreach((key, value) -> {});
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "weir-test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    WakeableClients clients = new WakeableClients(new DefaultKafkaClientSupplier());
    try (KafkaStreams streams = new KafkaStreams(topology.build(), properties, clients)) {
      streams.setStateListener(
          (newState, oldState) -> {
            if (newState == KafkaStreams.State.REBALANCING) {
              throw new NoClassDefFoundError("a class");
            }
          });
      StreamsClient client = new StreamsClient(streams, clients, new StopSignal());

      assertThatThrownBy(client::start)
          .isInstanceOf(NoClassDefFoundError.class)
          .hasMessage("a class");
    }
  }
}
