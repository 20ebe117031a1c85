package io.weir.streams.cli.rules;

import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.RuleLimit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Rules in one line for each limit, for people: what they are, and how they change. */
final class RulesSummary {
  private RulesSummary() {}

  /** What each limit of the rules is, by its place in the tree, in file order. */
  static Map<String, String> of(DomainRules rules) {
    Map<String, String> limits = new LinkedHashMap<>();
    rules.descriptors().forEach(descriptor -> add("", descriptor, limits));
    return limits;
  }

  /** How rules change into others, one line each; empty where no limit does. */
  static List<String> changes(Map<String, String> before, Map<String, String> after) {
    List<String> changes = new ArrayList<>();
    after.forEach(
        (place, limit) -> {
          String old = before.getOrDefault(place, "");
          if (old.isEmpty()) {
            changes.add("+ " + place + ": " + limit);
          } else if (!old.equals(limit)) {
            changes.add("~ " + place + ": " + old + " → " + limit);
          }
        });
    before.forEach(
        (place, limit) -> {
          if (!after.containsKey(place)) {
            changes.add("- " + place + ": " + limit);
          }
        });
    return changes;
  }

  private static void add(String above, Descriptor descriptor, Map<String, String> limits) {
    String place =
        above + descriptor.key() + descriptor.value().map(value -> "=" + value).orElse("");
    for (RuleLimit limit : descriptor.limits()) {
      String name = descriptor.isListed() ? limit.name().map(it -> "#" + it).orElse("") : "";
      limits.put(place + name, text(descriptor, limit));
    }
    if (descriptor.limits().isEmpty() && descriptor.children().isEmpty()) {
      limits.put(place, "no limit");
    }
    descriptor.children().forEach(child -> add(place + " / ", child, limits));
  }

  private static String text(Descriptor descriptor, RuleLimit limit) {
    StringJoiner text = new StringJoiner(", ");
    if (limit instanceof RuleLimit.Limited limited) {
      String unit = limited.unit().yamlName();
      text.add(
          limited.limit().requests()
              + " per "
              + (limited.unitMultiplier() == 1
                  ? unit
                  : limited.unitMultiplier() + " " + unit + "s"));
      text.add(limited.limit().algorithm().name());
      if (limited.hasOwnBurst()) {
        text.add("burst " + limited.limit().burst());
      }
      limited.onError().ifPresent(onError -> text.add("on error " + onError.yamlName()));
    } else {
      text.add("unlimited");
    }
    if (!limit.replaces().isEmpty()) {
      text.add("replaces " + String.join(" ", limit.replaces()));
    }
    if (descriptor.mode() != LimitMode.ENFORCED) {
      text.add(descriptor.mode().name().toLowerCase(Locale.ROOT));
    }
    if (descriptor.sharesThreshold()) {
      text.add("shared");
    }
    return text.toString();
  }
}
