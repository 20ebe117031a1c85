package io.weir.streams.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The registry could not be reached, or answered that it cannot work, for as long as the settings
 * allow. No fault of a record: the caller should try the same record again, and never skip it.
 */
public final class RegistryUnavailableException extends RetriableException {

  private static final long serialVersionUID = 1L;

  RegistryUnavailableException(String message) {
    super(message);
  }
}
