package io.weir.streams.query;

import java.time.Duration;

/**
 * Settings of the HTTP door.
 *
 * @param host the address to listen on; {@code 0.0.0.0} is every address
 * @param port the port to listen on; 0 takes any free one
 * @param maxThreads threads that serve requests, at most; 8 or more
 * @param maxConnections connections that are open at a time, at most; further ones wait to be
 *     accepted, and each has one request under way, so this bounds the requests that wait too
 * @param peerTimeout the longest wait for another instance's answer
 */
public record HttpSettings(
    String host, int port, int maxThreads, int maxConnections, Duration peerTimeout) {
  private static final int DEFAULT_MAX_THREADS = 16;
  private static final int DEFAULT_MAX_CONNECTIONS = 128;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public HttpSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is " + port + "; it must be from 0 to 65535");
    }
    if (maxThreads < 8) {
      throw new IllegalArgumentException("maxThreads is " + maxThreads + "; it must be 8 or more");
    }
    if (maxConnections < 8) {
      throw new IllegalArgumentException(
          "maxConnections is " + maxConnections + "; it must be 8 or more");
    }
    if (peerTimeout.isNegative() || peerTimeout.isZero()) {
      throw new IllegalArgumentException("peerTimeout is " + peerTimeout + "; it must be above 0");
    }
  }

  /** Settings with the usual number of threads. */
  public static HttpSettings of(String host, int port, Duration peerTimeout) {
    return new HttpSettings(host, port, DEFAULT_MAX_THREADS, DEFAULT_MAX_CONNECTIONS, peerTimeout);
  }
}
