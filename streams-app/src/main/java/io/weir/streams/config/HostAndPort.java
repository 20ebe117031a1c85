package io.weir.streams.config;

/**
 * A network address.
 *
 * @param host name or address; an IPv6 address stands in brackets
 * @param port from 1 to 65535
 */
public record HostAndPort(String host, int port) {

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
