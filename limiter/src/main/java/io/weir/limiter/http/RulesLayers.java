package io.weir.limiter.http;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DescriptorBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleLimitBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one domain from several places. Each limit has a name, its own or else its path in
 * the tree, and a limit of an upper layer takes the place of those of its name below, wherever they
 * are in the tree. Not thread-safe.
 */
final class RulesLayers {
  /** A limit in the tree. */
  private record Named(String name, RuleLimitBuilder limit) {}

  private static final class Node {
    final Map<Entry, Node> children = new LinkedHashMap<>();
    final List<Named> limits = new ArrayList<>();
    boolean listed;

    /** What says all but the limits and the children. */
    @Nullable Descriptor from;
  }

  private final String domain;
  private final Node root = new Node();

  RulesLayers(String domain) {
    this.domain = domain;
  }

  /** Adds a layer above. */
  void add(DomainRules rules) {
    Node layer = new Node();
    copy(rules.descriptors(), domain, layer);
    Set<String> names = new TreeSet<>();
    collect(layer, names);
    names.forEach(this::remove);
    merge(layer, root);
  }

  /** Adds one limit above. */
  void add(List<Entry> path, String name, RuleLimitBuilder limit) {
    remove(name);
    Node node = root;
    for (Entry entry : path) {
      node = node.children.computeIfAbsent(entry, key -> new Node());
    }
    node.limits.add(new Named(name, limit));
    node.listed = true;
  }

  /** Removes the limits of a name; false where there is none. */
  boolean remove(String name) {
    return remove(name, root);
  }

  /** Removes all limits but those of a name; the nodes stay, as they decide where requests go. */
  void retain(String name) {
    retain(name, root);
  }

  private static void retain(String name, Node node) {
    node.limits.removeIf(limit -> !limit.name().equals(name));
    node.children.values().forEach(child -> retain(name, child));
  }

  /** The ways through the tree to the limits of a name. */
  List<List<Entry>> paths(String name) {
    List<List<Entry>> paths = new ArrayList<>();
    collect(name, root, List.of(), paths);
    return paths;
  }

  private static void collect(String name, Node node, List<Entry> path, List<List<Entry>> paths) {
    if (node.limits.stream().anyMatch(limit -> limit.name().equals(name))) {
      paths.add(path);
    }
    node.children.forEach(
        (entry, child) -> {
          List<Entry> longer = new ArrayList<>(path);
          longer.add(entry);
          collect(name, child, List.copyOf(longer), paths);
        });
  }

  /** The names of all limits. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    collect(root, names);
    return names;
  }

  /**
   * The rules.
   *
   * @throws io.weir.limiter.rule.RulesException if they make no sense
   */
  DomainRules build(Algorithms algorithms) {
    return DomainRules.of(domain, algorithms, builders(root));
  }

  private static void copy(List<Descriptor> descriptors, String path, Node parent) {
    for (Descriptor descriptor : descriptors) {
      Node node = new Node();
      String ownPath = path + "." + descriptor.compositeKey();
      node.from = descriptor;
      node.listed = descriptor.isListed();
      for (RuleLimit limit : descriptor.limits()) {
        node.limits.add(new Named(limit.name().orElse(ownPath), builder(limit)));
      }
      copy(descriptor.children(), ownPath, node);
      parent.children.put(new Entry(descriptor.key(), descriptor.value().orElse("")), node);
    }
  }

  private static RuleLimitBuilder builder(RuleLimit limit) {
    RuleLimitBuilder builder =
        limit instanceof RuleLimit.Limited limited ? limited(limited) : RuleLimit.unlimited();
    limit.name().ifPresent(builder::named);
    limit.replaces().forEach(builder::replacing);
    return builder;
  }

  private static RuleLimitBuilder limited(RuleLimit.Limited limited) {
    RuleLimitBuilder builder =
        RuleLimit.per(limited.limit().requests(), limited.unit())
            .times(limited.unitMultiplier())
            .algorithm(limited.limit().algorithm());
    if (limited.hasOwnBurst()) {
      builder.burst(limited.limit().burst());
    }
    limited.onError().ifPresent(builder::onError);
    return builder;
  }

  private static void collect(Node node, Set<String> names) {
    node.limits.forEach(limit -> names.add(limit.name()));
    node.children.values().forEach(child -> collect(child, names));
  }

  private static boolean remove(String name, Node node) {
    boolean removed = node.limits.removeIf(limit -> limit.name().equals(name));
    for (Node child : node.children.values()) {
      removed |= remove(name, child);
    }
    return removed;
  }

  private static void merge(Node upper, Node lower) {
    upper.children.forEach(
        (entry, node) -> {
          Node below = lower.children.putIfAbsent(entry, node);
          if (below != null) {
            if (below.limits.isEmpty() || !node.limits.isEmpty()) {
              below.from = node.from;
            }
            below.listed |= node.listed;
            below.limits.addAll(node.limits);
            merge(node, below);
          }
        });
  }

  private static List<DescriptorBuilder> builders(Node node) {
    List<DescriptorBuilder> builders = new ArrayList<>();
    node.children.forEach((entry, child) -> builders.add(builder(entry, child)));
    return builders;
  }

  private static DescriptorBuilder builder(Entry entry, Node node) {
    DescriptorBuilder builder = Descriptor.key(entry.key(), entry.value());
    if (node.listed || node.limits.size() > 1) {
      builder.limits(node.limits.stream().map(it -> it.limit().named(it.name())).toList());
    } else {
      node.limits.forEach(limit -> builder.limit(limit.limit()));
    }
    Optional.ofNullable(node.from).ifPresent(from -> copyFlags(from, builder));
    return builder.with(builders(node));
  }

  private static void copyFlags(Descriptor from, DescriptorBuilder builder) {
    if (from.isShadow()) {
      builder.shadow();
    }
    if (from.isQuota()) {
      builder.quota();
    }
    if (from.sharesThreshold()) {
      builder.shareThreshold();
    }
    if (from.hasDetailedMetric()) {
      builder.detailedMetric();
    }
    if (from.hasValueToMetric()) {
      builder.valueToMetric();
    }
    from.metadata().ifPresent(builder::metadata);
  }
}
