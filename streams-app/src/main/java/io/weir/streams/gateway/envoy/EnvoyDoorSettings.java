package io.weir.streams.gateway.envoy;

import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the gRPC door.
 *
 * @param host address to listen on; {@code 0.0.0.0} is every IPv4 address
 * @param port port to listen on; 0 takes any free one
 * @param tls certificates; without them connections are plain text
 * @param responseHeaders whether answers carry {@code RateLimit-} headers
 * @param maxConnections connections that are open at a time, at most; 1 or more
 * @param maxConnectionAge after which a connection is ended, its requests being answered, above 0
 * @param handshakeTimeout the longest wait for what a connection begins with, above 0
 * @param certificatesInterval time between two looks whether the certificates have changed, above 0
 */
public record EnvoyDoorSettings(
    String host,
    int port,
    Optional<TlsFiles> tls,
    boolean responseHeaders,
    int maxConnections,
    Duration maxConnectionAge,
    Duration handshakeTimeout,
    Duration certificatesInterval) {
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration CERTIFICATES_INTERVAL = Duration.ofSeconds(10);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public EnvoyDoorSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is " + port + "; it must be from 0 to 65535");
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException(
          "maxConnections is " + maxConnections + "; it must be 1 or more");
    }
    requireAboveZero("maxConnectionAge", maxConnectionAge);
    requireAboveZero("handshakeTimeout", handshakeTimeout);
    requireAboveZero("certificatesInterval", certificatesInterval);
  }

  /** Settings that look for new certificates every ten seconds. */
  public static EnvoyDoorSettings of(
      String host,
      int port,
      Optional<TlsFiles> tls,
      boolean responseHeaders,
      int maxConnections,
      Duration maxConnectionAge) {
    return new EnvoyDoorSettings(
        host,
        port,
        tls,
        responseHeaders,
        maxConnections,
        maxConnectionAge,
        HANDSHAKE_TIMEOUT,
        CERTIFICATES_INTERVAL);
  }

  private static void requireAboveZero(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be above 0");
    }
  }
}
