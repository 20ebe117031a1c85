package io.weir.streams.gateway.envoy;

/** A certificate of the gRPC door cannot be used; the message says why and what would be right. */
public final class EnvoyDoorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EnvoyDoorException(String message) {
    super(message);
  }

  EnvoyDoorException(String message, Throwable cause) {
    super(message, cause);
  }
}
