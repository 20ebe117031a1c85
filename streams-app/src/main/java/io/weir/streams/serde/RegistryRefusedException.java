package io.weir.streams.serde;

import org.apache.kafka.common.KafkaException;

/**
 * The registry answers and refuses: wrong credentials, a schema that it takes for incompatible, an
 * address that is no registry. No fault of a record, and trying again does not help: a person must
 * change the configuration or the registry.
 */
public final class RegistryRefusedException extends KafkaException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  RegistryRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What a person must look at. */
  public enum Reason {
    /** Who asks may not: credentials are wrong, or allow something else. */
    CREDENTIALS,
    /** The schema breaks the compatibility rule of its subject. */
    INCOMPATIBLE,
    /** The registry does not take such a schema, or takes none now. */
    NOT_TAKEN,
    /** Nobody registered what was asked for. */
    NOT_REGISTERED,
    /** What answers is no registry, or not one as we know them. */
    ANSWER
  }

  /** What a person must look at. */
  public Reason reason() {
    return reason;
  }
}
