package io.weir.streams.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/** The host that other instances are told, where no setting says. */
final class AdvertisedHost {
  private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]", "*");

  private AdvertisedHost() {}

  /** Whether a host, as it is written in settings, is this machine for whoever connects to it. */
  static boolean isLoopback(String host) {
    String plain = host.toLowerCase(Locale.ROOT).replaceAll("^\\[|\\]$", "");
    return plain.equals("localhost")
        || plain.equals("::1")
        || plain.equals("0:0:0:0:0:0:0:1")
        || plain.matches("127(\\.\\d{1,3}){3}");
  }

  /**
   * The host of a door that listens on the given one: the same, or this machine's name where the
   * door listens on every address.
   *
   * @throws StartupException if this machine has no name
   */
  static String of(String listensOn) {
    if (!EVERY_ADDRESS.contains(listensOn)) {
      return listensOn;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new StartupException(
          "this machine has no host name to tell other instances; set http.advertised to an"
              + " address under which they reach it",
          e);
    }
  }
}
