package io.weir.limiter.rule;

import io.weir.limiter.rule.RuleLevel.KeyGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One domain's rules, compiled for matching. Immutable and thread-safe. */
final class CompiledRules {
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
    KeyGroup[] groups = level.walkable;
    if (groups.length == 0) {
      return;
    }
    Step[] steps = new Step[groups.length];
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
    for (int i = 0; i < count; i++) {
      hits.add(steps[i]);
      walk(steps[i].node.children, steps[i], attributes, hits);
    }
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
