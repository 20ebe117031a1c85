package io.weir.limiter.spring;

import io.weir.limiter.Decision;

/**
 * Is told each decision on a request. Thread-safe, and returns at once. What it throws is logged
 * and changes no decision.
 */
@FunctionalInterface
public interface DecisionListener {
  /**
   * Takes note of a decision.
   *
   * @param domain the domain of the request
   */
  void onDecision(String domain, Decision decision);
}
