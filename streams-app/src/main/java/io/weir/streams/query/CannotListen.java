package io.weir.streams.query;

import java.net.InetSocketAddress;

/** Says that a door cannot listen where it is told to, and what to change. */
public final class CannotListen {
  private CannotListen() {}

  /**
   * The message.
   *
   * @param host where to listen, as the setting has it
   * @param port where to listen
   * @param hostSetting the setting of the host
   * @param portSetting the setting of the port
   */
  public static String on(String host, int port, String hostSetting, String portSetting) {
    String place = "cannot listen on " + HostAndPort.of(host, port);
    return new InetSocketAddress(host, port).isUnresolved()
        ? place
            + "; the name "
            + host
            + " cannot be resolved: "
            + hostSetting
            + " must be an address of this machine, or a name that has one"
        : place
            + "; it may be in use, or no address of this machine: change "
            + hostSetting
            + " or "
            + portSetting;
  }
}
