package io.weir.streams.gateway;

import io.weir.streams.topology.DecidedRequest;
import java.time.Duration;
import java.util.List;

/**
 * Tells everybody who wants to know of the decisions, whatever door they were asked for by.
 * Thread-safe.
 *
 * @param metrics counts them
 * @param listeners are told each
 */
public record DecisionReporter(GatewayMetrics metrics, List<DecisionListener> listeners) {

  /** Copies the list. */
  public DecisionReporter {
    listeners = List.copyOf(listeners);
  }

  /**
   * Tells a decision.
   *
   * @param startNanos {@link System#nanoTime()} when the request came
   */
  public void decided(DecidedRequest decided, long startNanos) {
    metrics.decided(decided, Duration.ofNanos(System.nanoTime() - startNanos));
    listeners.forEach(listener -> listener.decided(decided));
  }
}
