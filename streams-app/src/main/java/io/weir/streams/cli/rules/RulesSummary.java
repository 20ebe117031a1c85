package io.weir.streams.cli.rules;

import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** Limits in one line each, for people. */
final class RulesSummary {
  private RulesSummary() {}

  /**
   * What each limit of the rules is, by its place in the tree, in file order. A node without a
   * limit is one where nothing is below it.
   */
  static Map<String, String> of(DomainRules rules) {
    Map<String, String> limits = new LinkedHashMap<>();
    for (LimitItem item : LimitItem.of(rules)) {
      if (item.limit().isPresent() || item.node().children().isEmpty()) {
        limits.put(item.place().text(), text(item));
      }
    }
    return limits;
  }

  /** A limit and all that its node says besides. */
  static String text(LimitItem item) {
    StringJoiner text = new StringJoiner(", ");
    text.add(numbers(item));
    if (item.place().name().isEmpty()) {
      item.limit().flatMap(RuleLimit::name).ifPresent(name -> text.add("name " + name));
    }
    item.limited()
        .flatMap(RuleLimit.Limited::onError)
        .ifPresent(onError -> text.add("on error " + onError.yamlName()));
    item.limit()
        .map(RuleLimit::replaces)
        .filter(replaces -> !replaces.isEmpty())
        .ifPresent(replaces -> text.add("replaces " + String.join(" ", replaces)));
    addSettings(item.node(), text);
    return text.toString();
  }

  /** The limit alone: {@code 5 per 30 seconds, token_bucket, burst 10}. */
  static String numbers(LimitItem item) {
    if (item.limit().isEmpty()) {
      return "no limit";
    }
    if (item.limited().isEmpty()) {
      return "unlimited";
    }
    RuleLimit.Limited limited = item.limited().get();
    String unit = limited.unit().yamlName();
    long multiplier = limited.unitMultiplier();
    return limited.limit().requests()
        + " per "
        + (multiplier == 1 ? unit : multiplier + " " + unit + "s")
        + ", "
        + limited.limit().algorithm().name()
        + (limited.hasOwnBurst() ? ", burst " + limited.limit().burst() : "");
  }

  private static void addSettings(Descriptor node, StringJoiner text) {
    addIf(node.isShadow(), "shadow", text);
    addIf(node.isQuota(), "quota", text);
    addIf(node.sharesThreshold(), "shared", text);
    addIf(node.hasDetailedMetric(), "detailed metric", text);
    addIf(node.hasValueToMetric(), "value to metric", text);
    node.metadata().ifPresent(metadata -> text.add("metadata " + metadata.json()));
  }

  private static void addIf(boolean is, String word, StringJoiner text) {
    if (is) {
      text.add(word);
    }
  }
}
