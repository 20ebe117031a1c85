package io.weir.streams.topology;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rules in force on this instance, filled by the topology from the rules topic. Thread-safe:
 * the set is immutable and a change exchanges it, so who takes it once judges by one revision.
 */
public final class RulesView {
  private volatile RuleSet current = RuleSet.empty();

  /** Of each domain the record that was skipped last, where none that was good came after it. */
  private final SortedMap<String, String> skipped = new TreeMap<>();

  /** The rules of all domains; the revision of each is the offset of its record. */
  public RuleSet current() {
    return current;
  }

  /** Puts the rules of a domain in force. */
  public synchronized void put(DomainRules rules) {
    current = current.with(rules);
    skipped.remove(rules.domain());
  }

  /** Takes the rules of a domain out of force. */
  public synchronized void remove(String domain) {
    current = current.without(domain);
    skipped.remove(domain);
  }

  /**
   * Leaves the rules of a domain as they are, although a newer record of them is there.
   *
   * @param why a sentence without a full stop
   */
  public synchronized void skip(String domain, String why) {
    skipped.put(domain, why);
  }

  /** Why the rules in force are not the newest, a sentence for each such domain, if so. */
  public synchronized Optional<String> skipped() {
    return skipped.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", skipped.values()));
  }

  /**
   * Why no rules are in force although there are some: of those on the topic none could be read.
   * Everything would be allowed by them, which nobody has asked for.
   */
  public synchronized Optional<String> unreadable() {
    return current.domains().isEmpty() ? skipped() : Optional.empty();
  }
}
