package io.weir.streams.cli.dev;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Takes requests at one door. For one thread, but for {@link #close}. */
interface DevRequests extends AutoCloseable {
  /** The domain that they name: that of the example rules. */
  String DOMAIN = "api";

  /**
   * Sends one request; the result completes when the door has it.
   *
   * @throws RuntimeException if it cannot be sent
   */
  CompletableFuture<?> send(String requestId, Map<String, String> attributes);

  /** Gives up what is still on its way. */
  @Override
  void close();
}
