package io.weir.streams.serde;

import io.weir.streams.cli.dev.RegistryProcess;

/**
 * Confluent's serde, named in the settings, keeps the same contract as ours. Only compiled and run
 * by the Maven profile {@code confluent}.
 */
class ConfluentSerdeIT extends SerdeContract {
  ConfluentSerdeIT(RegistryProcess registry) {
    super(registry);
  }

  @Override
  String serdeClass() {
    return "io.confluent.kafka.streams.serdes.avro.SpecificAvroSerde";
  }
}
