package io.weir.streams.cli.rules;

import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.streams.cli.rules.LimitPlace.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the file order of rules changes: it decides which of several wildcards a request meets, and
 * in which order limits are reported.
 */
final class RuleOrder {
  private final Map<LimitPlace, String> sentences = new HashMap<>();

  private RuleOrder() {}

  /**
   * What there is to say of nodes, and of limits in {@code rate_limits}: of those that moved, and
   * of new wildcards among old ones.
   */
  static Map<LimitPlace, String> between(DomainRules before, DomainRules after) {
    RuleOrder order = new RuleOrder();
    order.level(LimitPlace.root(), before.descriptors(), after.descriptors());
    return order.sentences;
  }

  private void level(LimitPlace above, List<Descriptor> before, List<Descriptor> after) {
    Map<Step, Descriptor> old = new HashMap<>();
    before.forEach(node -> old.put(LimitItem.stepTo(node), node));
    Level level = new Level(steps(before), steps(after));
    for (Descriptor node : after) {
      Step step = LimitItem.stepTo(node);
      LimitPlace place = above.below(step);
      Descriptor was = old.get(step);
      String sentence = was == null ? level.ofNew(step) : level.ofMoved(step);
      if (!sentence.isEmpty()) {
        sentences.put(place, sentence);
      }
      if (was != null) {
        limits(place, was, node);
        level(place, was.children(), node.children());
      }
    }
  }

  private void limits(LimitPlace place, Descriptor before, Descriptor after) {
    List<String> names = names(after);
    List<String> shown = names.stream().map(name -> "#" + name).toList();
    for (String moved : Moves.between(names(before), names)) {
      sentences.put(place.named(moved), onlyMoved(shown, names.indexOf(moved)));
    }
  }

  private static List<String> names(Descriptor node) {
    return node.namedLimits().stream().flatMap(limit -> limit.name().stream()).toList();
  }

  private static List<Step> steps(List<Descriptor> level) {
    return level.stream().map(LimitItem::stepTo).toList();
  }

  /** What there is to say of one that moved and overtook nothing that matters. */
  private static String onlyMoved(List<String> all, int at) {
    return (at + 1 < all.size() ? "now before " + all.get(at + 1) : "now the last")
        + "; what matches stays the same";
  }

  /** The nodes of one level, before and after. */
  private static final class Level {
    private final List<Step> after;
    private final Map<Step, Integer> was;
    private final Map<Step, Integer> is;
    private final Set<Step> moved;
    private final Map<String, List<Step>> oldWildcards = new HashMap<>();

    Level(List<Step> before, List<Step> after) {
      this.after = after;
      this.was = Moves.positions(before);
      this.is = Moves.positions(after);
      this.moved = new HashSet<>(Moves.between(before, after));
      for (Step step : after) {
        if (step.isWildcard() && was.containsKey(step)) {
          oldWildcards.computeIfAbsent(step.key(), key -> new ArrayList<>()).add(step);
        }
      }
    }

    /**
     * Of several wildcards that match the first one counts: where among them does a new one stand?
     */
    String ofNew(Step step) {
      List<Step> others = oldWildcards.getOrDefault(step.key(), List.of());
      if (!step.isWildcard() || others.isEmpty()) {
        return "";
      }
      for (Step other : others) {
        if (at(is, step) < at(is, other)) {
          return "before " + other.text() + ": where both match, this one applies";
        }
      }
      Step last = others.get(others.size() - 1);
      return "after " + last.text() + ": where both match, that one applies";
    }

    String ofMoved(Step step) {
      if (!moved.contains(step)) {
        return "";
      }
      List<String> overtaken = new ArrayList<>();
      List<String> overtaking = new ArrayList<>();
      if (step.isWildcard()) {
        for (Step other : oldWildcards.getOrDefault(step.key(), List.of())) {
          boolean first = at(is, step) < at(is, other);
          boolean wasFirst = at(was, step) < at(was, other);
          if (first && !wasFirst) {
            overtaken.add(other.text());
          } else if (!first && wasFirst) {
            overtaking.add(other.text());
          }
        }
      }
      List<String> parts = new ArrayList<>();
      if (!overtaken.isEmpty()) {
        parts.add(
            "now before " + String.join(", ", overtaken) + ": where both match, this one applies");
      }
      if (!overtaking.isEmpty()) {
        parts.add(
            "now after " + String.join(", ", overtaking) + ": where both match, that one applies");
      }
      if (parts.isEmpty()) {
        parts.add(onlyMoved(after.stream().map(Step::text).toList(), at(is, step)));
      }
      return String.join("; ", parts);
    }

    private static int at(Map<Step, Integer> positions, Step step) {
      return positions.getOrDefault(step, 0);
    }
  }
}
