package io.weir.streams.cli.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Ports on the loopback address. */
final class FreePort {
  private static final int CONNECT_MILLIS = 500;

  private FreePort() {}

  /** A port that was free a moment ago; another process may take it before it is used. */
  static int find() {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback address", e);
    }
  }

  /**
   * Whether nobody listened there a moment ago, and this process could. Neither tells the other:
   * some systems let one listen on the loopback address beside another who listens on all.
   */
  static boolean isFree(int port) {
    return !isTaken(port) && canBeTaken(port);
  }

  private static boolean canBeTaken(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, loopback())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether somebody listens. */
  static boolean isTaken(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(loopback(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** 127.0.0.1, also where that of Java is another one. */
  static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }
}
