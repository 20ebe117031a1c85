package io.weir.streams.real;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** What this machine's loopback interface can do. */
public final class Loopback {
  private Loopback() {}

  /** Whether a server can listen on {@code ::1}. */
  public static boolean hasIpv6() {
    try {
      return freeIpv6Port() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** A port of {@code ::1} that was free a moment ago. */
  @SuppressWarnings("AddressSelection") // This one, and not whichever is the loopback address here.
  static int freeIpv6Port() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return socket.getLocalPort();
    }
  }
}
