package io.weir.limiter.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The children of one node, arranged for looking up. Immutable once built. */
final class RuleLevel {
  /** The children with one key. */
  static final class KeyGroup {
    final String key;
    private final Map<String, RuleNode> byValue = new HashMap<>();
    private final List<Wildcard> wildcards = new ArrayList<>();
    private final List<RuleNode> wildcardNodes = new ArrayList<>();
    private @Nullable RuleNode bare;

    private KeyGroup(String key) {
      this.key = key;
    }

    private void add(Descriptor descriptor, RuleNode node) {
      if (descriptor.value().isEmpty()) {
        bare = node;
        return;
      }
      // A wildcard too: the value that is spelt like it is its own exact value.
      byValue.put(descriptor.value().get(), node);
      if (descriptor.isWildcard()) {
        wildcards.add(new Wildcard(descriptor.value().get()));
        wildcardNodes.add(node);
      }
    }

    /** Exact value, else the first wildcard in file order, else the bare key, else nothing. */
    @Nullable RuleNode find(String value) {
      RuleNode exact = byValue.get(value);
      if (exact != null) {
        return exact;
      }
      for (int i = 0; i < wildcards.size(); i++) {
        if (wildcards.get(i).matches(value)) {
          return wildcardNodes.get(i);
        }
      }
      return bare;
    }
  }

  private final Map<String, KeyGroup> groups = new LinkedHashMap<>();

  /** The groups whose key is not used above: those that a walk may enter. */
  final KeyGroup[] walkable;

  private RuleLevel(
      List<Descriptor> descriptors, String path, String keyPrefix, Set<String> keysAbove) {
    for (int i = 0; i < descriptors.size(); i++) {
      Descriptor descriptor = descriptors.get(i);
      groups
          .computeIfAbsent(descriptor.key(), KeyGroup::new)
          .add(descriptor, new RuleNode(descriptor, i, path, keyPrefix, keysAbove));
    }
    this.walkable =
        groups.values().stream()
            .filter(group -> !keysAbove.contains(group.key))
            .toArray(KeyGroup[]::new);
  }

  /** The first level of a domain's rules. */
  static RuleLevel first(DomainRules rules) {
    String domain = rules.domain();
    return new RuleLevel(rules.descriptors(), domain, PercentCode.encode(domain) + '/', Set.of());
  }

  /** The level below a descriptor. */
  static RuleLevel below(Descriptor descriptor, String path, Set<String> keysAbove) {
    Set<String> keys = new HashSet<>(keysAbove);
    keys.add(descriptor.key());
    return new RuleLevel(descriptor.children(), path, keysAbove.isEmpty() ? "|" : "/", keys);
  }

  /** The child that an entry leads to. */
  @Nullable RuleNode find(Entry entry) {
    KeyGroup group = groups.get(entry.key());
    return group == null ? null : group.find(entry.value());
  }
}
