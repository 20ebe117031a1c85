package io.weir.streams.cli.rules;

import io.weir.limiter.rule.DomainRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How rules of a domain become others. */
final class RulesDiff {
  private final Map<LimitPlace, LimitItem> before;
  private final Map<LimitPlace, LimitItem> after;
  private final Map<LimitPlace, String> order;
  private final UsageForecast forecast;

  private RulesDiff(DomainRules before, DomainRules after) {
    this.before = byPlace(before);
    this.after = byPlace(after);
    this.order = RuleOrder.between(before, after);
    this.forecast = new UsageForecast(before, after);
  }

  /**
   * What changes, in the order of the new file; what goes stands at the end. Empty exactly where
   * the rules are equal, their revisions apart.
   */
  static List<LimitChange> between(DomainRules before, DomainRules after) {
    RulesDiff diff = new RulesDiff(before, after);
    List<LimitChange> changes = new ArrayList<>();
    Set<LimitPlace> nodes = new HashSet<>();
    for (LimitItem item : diff.after.values()) {
      boolean first = nodes.add(item.place().node());
      diff.ofKept(item, diff.orderOf(item.place(), first)).ifPresent(changes::add);
    }
    for (LimitItem item : diff.before.values()) {
      if (!diff.after.containsKey(item.place())) {
        changes.add(
            new LimitChange(
                item.place(),
                Optional.of(item),
                Optional.empty(),
                Optional.empty(),
                diff.forecast.ofRemoved(item)));
      }
    }
    return changes;
  }

  private Optional<LimitChange> ofKept(LimitItem item, Optional<String> sentence) {
    Optional<LimitItem> old = Optional.ofNullable(before.get(item.place()));
    if (old.isEmpty()) {
      return Optional.of(
          new LimitChange(item.place(), old, Optional.of(item), sentence, forecast.ofAdded(item)));
    }
    Set<String> fields = LimitChange.changedFields(old.get(), item);
    Optional<Usage> usage = forecast.ofChanged(old.get(), item, fields);
    return fields.isEmpty() && sentence.isEmpty() && usage.isEmpty()
        ? Optional.empty()
        : Optional.of(new LimitChange(item.place(), old, Optional.of(item), sentence, usage));
  }

  /** What moved is a node with all its limits, or one limit of a list; the first speaks for all. */
  private Optional<String> orderOf(LimitPlace place, boolean first) {
    List<String> sentences = new ArrayList<>();
    if (first) {
      Optional.ofNullable(order.get(place.node())).ifPresent(sentences::add);
    }
    if (place.name().isPresent()) {
      Optional.ofNullable(order.get(place)).ifPresent(sentences::add);
    }
    return Optional.of(String.join("; ", sentences)).filter(text -> !text.isEmpty());
  }

  private static Map<LimitPlace, LimitItem> byPlace(DomainRules rules) {
    Map<LimitPlace, LimitItem> items = new LinkedHashMap<>();
    LimitItem.of(rules).forEach(item -> items.put(item.place(), item));
    return items;
  }
}
