package io.weir.streams.topology;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;

/**
 * The rules in force on this instance, filled by the topology from the rules topic. Thread-safe:
 * the set is immutable and a change exchanges it, so who takes it once judges by one revision.
 */
public final class RulesView {
  private volatile RuleSet current = RuleSet.empty();

  /** The rules of all domains; the revision of each is the offset of its record. */
  public RuleSet current() {
    return current;
  }

  /** Puts the rules of a domain in force. */
  public synchronized void put(DomainRules rules) {
    current = current.with(rules);
  }

  /** Takes the rules of a domain out of force. */
  public synchronized void remove(String domain) {
    current = current.without(domain);
  }
}
