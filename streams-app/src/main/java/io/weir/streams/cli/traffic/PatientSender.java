package io.weir.streams.cli.traffic;

import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.CommandFailure;
import java.util.function.Consumer;

/**
 * Sends requests, and has the waits told that a person may notice: that of the first request, for
 * the schema registry and the topic's leaders, and that for everything to arrive. Not thread-safe.
 */
final class PatientSender {
  private final RequestSender sender;
  private final Consumer<Runnable> first;
  private final Consumer<Runnable> last;
  private boolean begun;

  /**
   * A sender over another.
   *
   * @param first runs the sending of the first request
   * @param last runs the waiting until everything has arrived
   */
  PatientSender(RequestSender sender, Consumer<Runnable> first, Consumer<Runnable> last) {
    this.sender = sender;
    this.first = first;
    this.last = last;
  }

  /**
   * Sends one request.
   *
   * @throws CommandFailure if this or an earlier one cannot be sent
   */
  void send(RequestEvent request) {
    if (begun) {
      sender.send(request);
    } else {
      begun = true;
      first.accept(() -> sender.send(request));
    }
  }

  /**
   * Waits until everything has arrived.
   *
   * @throws CommandFailure if something did not
   */
  void finish() {
    last.accept(sender::finish);
  }
}
