package io.weir.streams.topology;

import org.apache.kafka.streams.errors.StreamsException;

/** Somebody who waited gave up because the application stops. */
public final class StoppingException extends StreamsException {
  private static final long serialVersionUID = 1L;

  StoppingException(String message) {
    super(message);
  }
}
