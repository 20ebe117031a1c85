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
 * @param certificatesInterval time between two looks whether the certificates have changed, above 0
 */
public record EnvoyDoorSettings(
    String host,
    int port,
    Optional<TlsFiles> tls,
    boolean responseHeaders,
    Duration certificatesInterval) {
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
    requireAboveZero("certificatesInterval", certificatesInterval);
  }

  /** Settings that look for new certificates every ten seconds. */
  public static EnvoyDoorSettings of(
      String host, int port, Optional<TlsFiles> tls, boolean responseHeaders) {
    return new EnvoyDoorSettings(host, port, tls, responseHeaders, CERTIFICATES_INTERVAL);
  }

  private static void requireAboveZero(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be above 0");
    }
  }
}
