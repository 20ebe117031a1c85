package io.weir.streams.gateway;

import io.weir.limiter.Decision;

/**
 * Is told of each decision of a door. Who wants none gives a lambda that does nothing.
 *
 * <p>Implementations are thread-safe. They neither block nor throw: who calls them may be the
 * thread that brings the answers of others as well.
 */
@FunctionalInterface
public interface DecisionListener {

  /**
   * A request was decided: checked, refunded or reset.
   *
   * @param requestId the door's or the caller's name for the request
   * @param domain the namespace of the rules that it named
   * @param decision the decision, of all descriptors of the request together
   */
  void decided(String requestId, String domain, Decision decision);

  /** Tells this listener first, and then the other. */
  default DecisionListener andThen(DecisionListener other) {
    return (requestId, domain, decision) -> {
      decided(requestId, domain, decision);
      other.decided(requestId, domain, decision);
    };
  }
}
