package io.weir.streams.query;

import org.apache.kafka.streams.state.HostInfo;

/** Host and port as a URL has them: an IPv6 address in brackets (RFC 3986, section 3.2.2). */
public final class HostAndPort {
  private HostAndPort() {}

  /** Those of an instance. */
  public static String of(HostInfo address) {
    return of(address.host(), address.port());
  }

  /** The host may be in brackets already. */
  public static String of(String host, int port) {
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    return (bare ? "[" + host + "]" : host) + ":" + port;
  }
}
