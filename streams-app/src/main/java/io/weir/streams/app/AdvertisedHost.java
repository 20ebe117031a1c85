package io.weir.streams.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;

/** The host that other instances are told, where no setting says. */
final class AdvertisedHost {
  private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]", "*");

  private AdvertisedHost() {}

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
