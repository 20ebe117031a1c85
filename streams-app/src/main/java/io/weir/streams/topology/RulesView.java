package io.weir.streams.topology;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rules in force on this instance, filled from the rules topic. Thread-safe: the set is
 * immutable and a change exchanges it, so who takes it once judges by one revision.
 */
public final class RulesView {
  private volatile RuleSet current = RuleSet.empty();
  private volatile Optional<String> whyStale = Optional.empty();

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
    whyStale = reasons();
  }

  /** Takes the rules of a domain out of force. */
  public synchronized void remove(String domain) {
    current = current.without(domain);
    skipped.remove(domain);
    whyStale = reasons();
  }

  /**
   * Leaves the rules of a domain as they are, although a newer record of them is there.
   *
   * @param why a sentence without a full stop
   */
  public synchronized void skip(String domain, String why) {
    skipped.put(domain, why);
    whyStale = reasons();
  }

  /**
   * Puts in force what an earlier view has of the domains whose records were skipped, and of which
   * nothing good came: a record that cannot be read leaves the rules of its domain as they were.
   */
  public synchronized void keepSkippedOf(RulesView earlier) {
    for (String domain : skipped.keySet()) {
      if (current.find(domain).isEmpty()) {
        earlier.current().find(domain).ifPresent(rules -> current = current.with(rules));
      }
    }
  }

  /** Why the rules in force are not the newest, if so: a sentence without a full stop. */
  public Optional<String> whyStale() {
    return whyStale;
  }

  /**
   * Why no rules are in force although there are some: of those on the topic none could be read.
   * Everything would be allowed by them, which nobody has asked for.
   */
  public Optional<String> whyNone() {
    return current.domains().isEmpty() ? whyStale : Optional.empty();
  }

  /** The first one is enough to act on; there may be hundreds. */
  private Optional<String> reasons() {
    int more = skipped.size() - 1;
    return skipped.values().stream()
        .findFirst()
        .map(why -> more == 0 ? why : why + " (and " + more + " more; the log has them)");
  }
}
