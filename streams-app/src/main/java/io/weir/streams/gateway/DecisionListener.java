package io.weir.streams.gateway;

import io.weir.streams.topology.DecidedRequest;

/** Is told of every decision of the gateway. Implementations are thread-safe and do not wait. */
@FunctionalInterface
public interface DecisionListener {
  /** Takes note of a decision; the caller has not been answered yet. */
  void decided(DecidedRequest decided);
}
