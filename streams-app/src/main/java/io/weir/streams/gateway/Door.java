package io.weir.streams.gateway;

/** A way for callers to come in, beside HTTP. Opened and closed once, by one thread. */
public interface Door extends AutoCloseable {

  /**
   * Opens it; the rules are loaded.
   *
   * @throws io.weir.streams.app.StartupException if it cannot be opened; the message says why, and
   *     what would be right
   */
  void open();

  /** The port that it listens on, once opened. */
  int port();

  /** Lets nobody in any more, and finishes what is under way; it may never have been opened. */
  @Override
  void close();
}
