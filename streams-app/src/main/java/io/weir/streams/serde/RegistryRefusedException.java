package io.weir.streams.serde;

import org.apache.kafka.common.KafkaException;

/**
 * The registry answers and refuses: wrong credentials, a schema that it takes for incompatible, an
 * address that is no registry. No fault of a record, and trying again does not help: a person must
 * change the configuration or the registry.
 */
public final class RegistryRefusedException extends KafkaException {

  private static final long serialVersionUID = 1L;

  RegistryRefusedException(String message) {
    super(message);
  }
}
