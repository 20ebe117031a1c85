package io.weir.streams.cli.rules;

import io.weir.streams.cli.rules.DomainPlan.Outcome;
import java.util.List;

/** How much a plan does. */
record PlanCounts(long toAdd, long toChange, long toRemove, long domains, long toRepair) {

  /** What is to be done. */
  static PlanCounts of(List<DomainPlan> plans) {
    return new PlanCounts(
        count(plans, LimitChange.Kind.ADDED),
        count(plans, LimitChange.Kind.CHANGED),
        count(plans, LimitChange.Kind.REMOVED),
        plans.stream().filter(plan -> plan.isToDo() && plan.outcome() != Outcome.REPAIRED).count(),
        plans.stream().filter(plan -> plan.outcome() == Outcome.REPAIRED).count());
  }

  private static long count(List<DomainPlan> plans, LimitChange.Kind kind) {
    return plans.stream()
        .flatMap(plan -> plan.changes().stream())
        .filter(change -> change.kind() == kind)
        .count();
  }

  /** What is to be done: {@code 1 to add, 2 to change, 1 to remove in 2 domains}. */
  String ahead() {
    return text("to add", "to change", "to remove", "to repair");
  }

  /** What was done: {@code 1 added, 2 changed, 1 removed in 2 domains}. */
  String done() {
    return text("added", "changed", "removed", "repaired");
  }

  private String text(String add, String change, String remove, String repair) {
    String limits =
        String.format(
            "%d %s, %d %s, %d %s in %s",
            toAdd, add, toChange, change, toRemove, remove, count(domains));
    if (toRepair == 0) {
      return limits;
    }
    String repairs = count(toRepair) + " " + repair;
    return domains == 0 ? repairs : limits + ", " + repairs;
  }

  private static String count(long domains) {
    return RulesCommand.count(domains, "domain");
  }
}
