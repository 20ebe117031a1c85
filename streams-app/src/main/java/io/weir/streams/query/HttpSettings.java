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
 * @param maxHeaderBytes bytes of a request line and headers together, at most; memory for so many
 *     may be in use for each connection
 * @param bodyTimeout the longest wait for the whole body of a request
 * @param peerTimeout the longest wait for another instance's answer
 */
public record HttpSettings(
    String host,
    int port,
    int maxThreads,
    int maxConnections,
    int maxHeaderBytes,
    Duration bodyTimeout,
    Duration peerTimeout) {
  /** A client sends a body with its headers; this is for networks that lose packets. */
  public static final Duration DEFAULT_BODY_TIMEOUT = Duration.ofSeconds(5);

  private static final int DEFAULT_MAX_THREADS = 16;
  private static final int DEFAULT_MAX_CONNECTIONS = 128;

  /**
   * The longest question, in which percent-encoding makes 9 bytes of each character, and 60 KiB for
   * headers, and for questions that are a little too long to be told so.
   */
  private static final int DEFAULT_MAX_HEADER_BYTES = 640 * 1024;

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
    if (maxHeaderBytes < 1024) {
      throw new IllegalArgumentException(
          "maxHeaderBytes is " + maxHeaderBytes + "; it must be 1024 or more");
    }
    requireAboveZero("bodyTimeout", bodyTimeout);
    requireAboveZero("peerTimeout", peerTimeout);
  }

  private static void requireAboveZero(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be above 0");
    }
  }

  /** Settings with the usual number of threads. */
  public static HttpSettings of(String host, int port, Duration peerTimeout) {
    return new HttpSettings(
        host,
        port,
        DEFAULT_MAX_THREADS,
        DEFAULT_MAX_CONNECTIONS,
        DEFAULT_MAX_HEADER_BYTES,
        DEFAULT_BODY_TIMEOUT,
        peerTimeout);
  }
}
