package io.weir.streams.gateway.envoy;

/** The gRPC door cannot be opened; the message says why and what would be right. */
public final class EnvoyDoorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EnvoyDoorException(String message) {
    super(message);
  }

  EnvoyDoorException(String message, Throwable cause) {
    super(message, cause);
  }
}
