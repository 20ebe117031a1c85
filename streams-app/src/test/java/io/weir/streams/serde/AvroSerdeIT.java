package io.weir.streams.serde;

import io.weir.streams.cli.dev.RegistryProcess;

/** Weir's own serde keeps the contract. */
class AvroSerdeIT extends SerdeContract {
  AvroSerdeIT(RegistryProcess registry) {
    super(registry);
  }

  @Override
  String serdeClass() {
    return AvroSerdes.DEFAULT_CLASS;
  }
}
