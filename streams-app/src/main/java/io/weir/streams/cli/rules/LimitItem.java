package io.weir.streams.cli.rules;

import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleLimit;
import io.weir.streams.cli.rules.LimitPlace.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One limit of a rule tree, or one node that has none, with all that its node says besides. The
 * items of a tree in file order are the tree: trees are equal where these are.
 *
 * @param place where it is
 * @param node its node
 * @param limit the limit; empty where the node has none
 * @param reachable whether a request can come to it; false for a bare key beside a wildcard that
 *     matches everything
 */
record LimitItem(LimitPlace place, Descriptor node, Optional<RuleLimit> limit, boolean reachable) {

  /** All items in file order; a node stands before those below it. */
  static List<LimitItem> of(DomainRules rules) {
    List<LimitItem> items = new ArrayList<>();
    addLevel(LimitPlace.root(), rules.descriptors(), true, items);
    return items;
  }

  private static void addLevel(
      LimitPlace above, List<Descriptor> level, boolean reachable, List<LimitItem> items) {
    for (Descriptor node : level) {
      LimitPlace place = above.below(stepTo(node));
      boolean nodeReachable = reachable && (node.value().isPresent() || !hasCatchAll(level, node));
      if (node.limits().isEmpty()) {
        items.add(new LimitItem(place, node, Optional.empty(), nodeReachable));
      }
      if (node.limit().isPresent()) {
        items.add(new LimitItem(place, node, node.limit(), nodeReachable));
      }
      for (RuleLimit limit : node.namedLimits()) {
        LimitPlace own = limit.name().map(place::named).orElse(place);
        items.add(new LimitItem(own, node, Optional.of(limit), nodeReachable));
      }
      addLevel(place, node.children(), nodeReachable, items);
    }
  }

  private static boolean hasCatchAll(List<Descriptor> level, Descriptor bare) {
    return level.stream()
        .filter(node -> node.key().equals(bare.key()))
        .anyMatch(node -> node.value().filter(it -> it.replace("*", "").isEmpty()).isPresent());
  }

  static Step stepTo(Descriptor node) {
    return new Step(node.key(), node.value());
  }

  /** The limit, where it is one that requests are judged by. */
  Optional<RuleLimit.Limited> limited() {
    return limit.filter(RuleLimit.Limited.class::isInstance).map(RuleLimit.Limited.class::cast);
  }

  /**
   * All that is said of it, by the names of the YAML. What is as by default is left out, but for
   * the algorithm and the burst, which people want to see change.
   */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (place.name().isEmpty()) {
      limit.flatMap(RuleLimit::name).ifPresent(name -> fields.put("name", name));
    }
    limited().ifPresent(limited -> putNumbers(limited, fields));
    if (limit.isPresent() && limited().isEmpty()) {
      fields.put("unlimited", true);
    }
    limit
        .map(RuleLimit::replaces)
        .filter(replaces -> !replaces.isEmpty())
        .ifPresent(replaces -> fields.put("replaces", replaces));
    putIf(node.isShadow(), "shadow_mode", fields);
    putIf(node.isQuota(), "quota_mode", fields);
    putIf(node.sharesThreshold(), "share_threshold", fields);
    putIf(node.hasDetailedMetric(), "detailed_metric", fields);
    putIf(node.hasValueToMetric(), "value_to_metric", fields);
    node.metadata().ifPresent(metadata -> fields.put("metadata", metadata));
    return fields;
  }

  private static void putNumbers(RuleLimit.Limited limited, Map<String, Object> fields) {
    fields.put("algorithm", limited.limit().algorithm().name());
    fields.put("requests_per_unit", limited.limit().requests());
    fields.put("unit", limited.unit().yamlName());
    if (limited.unitMultiplier() != 1) {
      fields.put("unit_multiplier", limited.unitMultiplier());
    }
    if (limited.limit().algorithm().supportsBurst()) {
      fields.put("burst", limited.limit().burst());
    }
    limited.onError().map(OnError::yamlName).ifPresent(it -> fields.put("on_error", it));
  }

  private static void putIf(boolean is, String field, Map<String, Object> fields) {
    if (is) {
      fields.put(field, true);
    }
  }
}
