package io.weir.limiter.rule;

import io.weir.limiter.rule.Match.IdentifierLimits;
import io.weir.limiter.rule.RuleLevel.KeyGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One domain's rules, compiled for matching. Immutable and thread-safe. */
final class CompiledRules {
  private static final @Nullable Step[] NONE = {};

  private final DomainRules rules;
  private final RuleLevel first;

  CompiledRules(DomainRules rules) {
    this.rules = rules;
    this.first = RuleLevel.first(rules);
  }

  DomainRules rules() {
    return rules;
  }

  /** Walks the tree with an event's attributes; every node on the way applies. */
  Match match(Map<String, String> attributes) {
    Hits hits = new Hits();
    walk(first, null, attributes, hits);
    return hits.matchIdentified(rules, hits.replaced());
  }

  /** The first level's nodes that an event meets, each with the limits that apply under it. */
  Match matchIdentifiers(Map<String, String> attributes) {
    List<Step> tops = new ArrayList<>();
    for (Step top : met(first, null, attributes)) {
      if (top == null) {
        break;
      }
      if (top.isNobody()) {
        throw new IdentifierException(
            "attribute "
                + top.node.key
                + " is empty, which names nobody; send a value, or leave the attribute out");
      }
      tops.add(top);
    }
    Map<KeyText, List<ApplicableLimit>> limits = new HashMap<>();
    for (IdentifierLimits each : match(attributes).identifiers()) {
      limits.put(each.identifierText(), each.limits());
    }
    List<IdentifierLimits> identifiers =
        tops.stream()
            .map(Step::entry)
            .map(each -> new IdentifierLimits(each, limits.getOrDefault(each, List.of())))
            .toList();
    return new Match(identifiers, !identifiers.isEmpty(), rules.revision());
  }

  /** Follows explicit descriptors; only the node that the last entry reaches applies. */
  List<Match> match(List<List<Entry>> descriptors) {
    Hits all = new Hits();
    List<Hits> each = new ArrayList<>();
    for (List<Entry> entries : descriptors) {
      Hits hits = new Hits();
      Step last = follow(entries);
      if (last != null) {
        hits.add(last);
        all.add(last);
      }
      each.add(hits);
    }
    List<Match> matches = new ArrayList<>();
    for (Hits hits : each) {
      matches.add(hits.match(rules, all.replaced()));
    }
    return matches;
  }

  private static void walk(
      RuleLevel level, @Nullable Step parent, Map<String, String> attributes, Hits hits) {
    for (Step step : met(level, parent, attributes)) {
      if (step == null) {
        return;
      }
      hits.add(step);
      walk(step.node.children, step, attributes, hits);
    }
  }

  /** The nodes of a level that an event meets, in file order; nulls follow the last. */
  private static @Nullable Step[] met(
      RuleLevel level, @Nullable Step parent, Map<String, String> attributes) {
    KeyGroup[] groups = level.walkable;
    if (groups.length == 0) {
      return NONE;
    }
    @Nullable Step[] steps = new Step[groups.length];
    int count = 0;
    for (KeyGroup group : groups) {
      String value = attributes.get(group.key);
      if (value != null) {
        RuleNode node = group.find(value);
        if (node != null) {
          count = insert(steps, count, new Step(parent, node, value));
        }
      }
    }
    return steps;
  }

  /** Inserts in file order; there are few, so this is the fastest sort. */
  private static int insert(Step[] steps, int count, Step step) {
    int at = count;
    while (at > 0 && steps[at - 1].node.position > step.node.position) {
      steps[at] = steps[at - 1];
      at--;
    }
    steps[at] = step;
    return count + 1;
  }

  private @Nullable Step follow(List<Entry> entries) {
    RuleLevel level = first;
    Step last = null;
    for (Entry entry : entries) {
      RuleNode node = level.find(entry);
      if (node == null) {
        return null;
      }
      last = new Step(last, node, entry.value());
      level = node.children;
    }
    return last;
  }
}
