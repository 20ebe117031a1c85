package io.weir.streams.cli.rules;

import io.weir.limiter.rule.DomainRules;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to become of the rules of one domain.
 *
 * @param domain the domain
 * @param outcome what, in a word
 * @param revision the revision in force; empty where no rules are
 * @param newestOffset the offset of the domain's newest record, whatever that holds; -1 where there
 *     is none: whoever wrote a later one had not been seen
 * @param skipped the newest record, where that is skipped
 * @param changes what becomes of each limit that does not stay as it is
 */
record DomainPlan(
    String domain,
    Outcome outcome,
    Optional<Long> revision,
    long newestOffset,
    Optional<RulesLog.Skipped> skipped,
    List<LimitChange> changes) {

  DomainPlan {
    changes = List.copyOf(changes);
  }

  /** What becomes of a domain. */
  enum Outcome {
    CREATED,
    CHANGED,
    /** The same rules again, after a record that is skipped. */
    REPAIRED,
    UNCHANGED,
    DELETED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A plan for what is to be in force. */
  static List<DomainPlan> toApply(List<DomainRules> wanted, RulesLog log) {
    return wanted.stream().map(rules -> toApply(rules, log)).toList();
  }

  private static DomainPlan toApply(DomainRules wanted, RulesLog log) {
    Optional<RulesLog.Entry> entry = Optional.ofNullable(log.entries().get(wanted.domain()));
    Optional<DomainRules> inForce = entry.flatMap(RulesLog.Entry::rules);
    Outcome outcome = inForce.isEmpty() ? Outcome.CREATED : Outcome.CHANGED;
    if (inForce.isPresent() && inForce.get().withRevision(0).equals(wanted.withRevision(0))) {
      // A skipped record after them would hide them from instances that start later.
      boolean hidden = entry.flatMap(RulesLog.Entry::skipped).isPresent();
      outcome = hidden ? Outcome.REPAIRED : Outcome.UNCHANGED;
    }
    return of(wanted, outcome, entry, log);
  }

  /** A plan for the end of a domain that has a record. */
  static DomainPlan toDelete(String domain, RulesLog log) {
    return of(
        DomainRules.of(domain),
        Outcome.DELETED,
        Optional.ofNullable(log.entries().get(domain)),
        log);
  }

  private static DomainPlan of(
      DomainRules wanted, Outcome outcome, Optional<RulesLog.Entry> entry, RulesLog log) {
    String domain = wanted.domain();
    Optional<DomainRules> inForce = entry.flatMap(RulesLog.Entry::rules);
    return new DomainPlan(
        domain,
        outcome,
        inForce.map(DomainRules::revision),
        log.newestOffset(domain),
        entry.flatMap(RulesLog.Entry::skipped),
        RulesDiff.between(inForce.orElseGet(() -> DomainRules.of(domain)), wanted));
  }

  /** Whether anything is to be written. */
  boolean isToDo() {
    return outcome != Outcome.UNCHANGED;
  }
}
