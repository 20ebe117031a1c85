package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.Match.IdentifierLimits;
import io.weir.limiter.rule.RuleLevel.KeyGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One domain's rules, compiled for matching. Immutable and thread-safe. */
final class CompiledRules {
  private static final @Nullable Step[] NONE = {};

  /** The end of keys of state that only overrides have: no limit of a rule is called so. */
  private static final String OF_OVERRIDES = "#*";

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
  Match match(Map<String, String> attributes, boolean shortKeys) {
    Hits hits = new Hits();
    walk(first, null, attributes, shortKeys, hits);
    return hits.matchIdentified(rules, hits.replaced());
  }

  /** The first level's nodes that an event meets, each with the limits that apply under it. */
  Match matchIdentifiers(Map<String, String> attributes, boolean shortKeys) {
    List<Step> tops = new ArrayList<>();
    for (Step top : met(first, null, attributes, shortKeys)) {
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
    for (IdentifierLimits each : match(attributes, shortKeys).identifiers()) {
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
  List<Match> match(List<RequestedDescriptor> descriptors) {
    Hits all = new Hits();
    List<Hits> each = new ArrayList<>();
    for (RequestedDescriptor descriptor : descriptors) {
      Hits hits = new Hits();
      Step last = follow(descriptor.entries());
      if (last != null) {
        hits.add(last);
        if (descriptor.override().isEmpty()) {
          all.add(last);
        }
      }
      each.add(hits);
    }
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < each.size(); i++) {
      Hits hits = each.get(i);
      RequestedDescriptor descriptor = descriptors.get(i);
      matches.add(
          descriptor
              .override()
              .map(override -> overridden(hits, descriptor, override))
              .orElseGet(() -> hits.match(rules, all.replaced(), descriptor.cost())));
    }
    return matches;
  }

  /**
   * What applies where a request brings its own limit: enforced whatever the rules say. Where that
   * is one limit, its algorithm and its state go on; else, and where that algorithm cannot count so
   * many, it is a fixed window with a state of its own.
   */
  private Match overridden(Hits hits, RequestedDescriptor descriptor, LimitOverride override) {
    List<IdentifierLimits> ruled = hits.match(rules, Set.of(), descriptor.cost()).identifiers();
    if (!ruled.isEmpty() && ruled.get(0).limits().size() == 1) {
      ApplicableLimit limit = ruled.get(0).limits().get(0);
      Optional<Limit> alike = override.under(limit.limit().algorithm());
      if (alike.isPresent()) {
        return overridden(
            ruled.get(0).identifierText(),
            limit.key(),
            limit.rule(),
            alike.get(),
            limit.onError(),
            descriptor.cost());
      }
    }
    Entry top = descriptor.entries().get(0);
    String identifier = Identifiers.encode(rules.domain(), top.key(), top.value());
    StringBuilder key = new StringBuilder(identifier).append('|');
    StringBuilder rule = new StringBuilder(rules.domain());
    for (Entry entry : descriptor.entries()) {
      rule.append('.').append(entry.key()).append('_').append(entry.value());
    }
    String delimiter = "";
    for (Entry entry : descriptor.entries().subList(1, descriptor.entries().size())) {
      String further = Identifiers.encode(rules.domain(), entry.key(), entry.value());
      key.append(delimiter).append(further, further.indexOf('/') + 1, further.length());
      delimiter = "/";
    }
    return overridden(
        KeyText.of(identifier),
        KeyText.of(key.append(OF_OVERRIDES).toString()),
        rule.toString(),
        override.fixedWindow(),
        Optional.empty(),
        descriptor.cost());
  }

  private Match overridden(
      KeyText identifier,
      KeyText key,
      String rule,
      Limit limit,
      Optional<OnError> onError,
      long cost) {
    ApplicableLimit applicable =
        new ApplicableLimit(key, rule, limit, LimitMode.ENFORCED, onError, OptionalLong.of(cost));
    return new Match(
        List.of(new IdentifierLimits(identifier, List.of(applicable))), true, rules.revision());
  }

  private static void walk(
      RuleLevel level,
      @Nullable Step parent,
      Map<String, String> attributes,
      boolean shortKeys,
      Hits hits) {
    for (Step step : met(level, parent, attributes, shortKeys)) {
      if (step == null) {
        return;
      }
      hits.add(step);
      walk(step.node.children, step, attributes, shortKeys, hits);
    }
  }

  /** The nodes of a level that an event meets, in file order; nulls follow the last. */
  private static @Nullable Step[] met(
      RuleLevel level, @Nullable Step parent, Map<String, String> attributes, boolean shortKeys) {
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
          String kept = shortKeys && !node.isExact ? ValueHash.shortened(value) : value;
          count = insert(steps, count, new Step(parent, node, kept));
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
