package io.weir.limiter.http;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DescriptorBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleLimitBuilder;
import io.weir.limiter.rule.RulesException;
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
  /**
   * A limit in the tree.
   *
   * @param keyedByName whether its state is kept by its name, so that it is from {@code
   *     rate_limits}
   */
  private record Named(String name, RuleLimitBuilder limit, boolean keyedByName) {}

  private static final class Node {
    final Map<Entry, Node> children = new LinkedHashMap<>();
    final List<Named> limits = new ArrayList<>();

    /** What is said of its limits beside them. */
    Flags flags = Flags.NONE;

    /** What says all but the limits, their flags and the children. */
    @Nullable Descriptor from;

    /** A limit here or below. */
    Optional<Named> anyLimit() {
      return limits.isEmpty()
          ? children.values().stream().flatMap(child -> child.anyLimit().stream()).findFirst()
          : Optional.of(limits.get(0));
    }
  }

  /** What a node says of all of its limits, and of no others. */
  private record Flags(boolean shadow, boolean quota, boolean shareThreshold) {
    static final Flags NONE = new Flags(false, false, false);

    static Flags of(Descriptor descriptor) {
      return new Flags(descriptor.isShadow(), descriptor.isQuota(), descriptor.sharesThreshold());
    }

    /** Without those of limits that are gone; the threshold is of limits below, too. */
    Flags ofNoLimit() {
      return new Flags(false, false, shareThreshold);
    }

    @Override
    public String toString() {
      List<String> set = new ArrayList<>();
      if (shadow) {
        set.add("shadow_mode");
      }
      if (quota) {
        set.add("quota_mode");
      }
      if (shareThreshold) {
        set.add("share_threshold");
      }
      return set.isEmpty() ? "none of these" : String.join(" and ", set);
    }
  }

  private final String domain;
  private final Node root = new Node();

  RulesLayers(String domain) {
    this.domain = domain;
  }

  /**
   * Adds a layer above.
   *
   * @throws RulesException if a limit of it comes beside one whose node has other flags
   */
  void add(DomainRules rules) {
    Node layer = new Node();
    copy(rules.descriptors(), domain, layer);
    Set<String> names = new TreeSet<>();
    collect(layer, names);
    names.forEach(this::remove);
    merge(layer, root);
  }

  /**
   * Adds one limit above.
   *
   * @throws RulesException if it comes beside one whose node has flags
   */
  void add(List<Entry> path, String name, RuleLimitBuilder limit) {
    remove(name);
    Node node = root;
    for (Entry entry : path) {
      node = node.children.computeIfAbsent(entry, key -> new Node());
    }
    Named added = new Named(name, limit, true);
    if (!node.limits.isEmpty()) {
      requireSame(added, Flags.NONE, node.limits.get(0), node.flags);
    }
    node.limits.add(added);
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
   * @throws RulesException if they make no sense
   */
  DomainRules build(Algorithms algorithms) {
    return DomainRules.load(domain, algorithms, builders(root)).domains().get(0);
  }

  private static void copy(List<Descriptor> descriptors, String path, Node parent) {
    for (Descriptor descriptor : descriptors) {
      Node node = new Node();
      String ownPath = path + "." + descriptor.compositeKey();
      node.from = descriptor;
      node.flags = Flags.of(descriptor);
      descriptor.limit().ifPresent(limit -> node.limits.add(named(limit, ownPath, false)));
      descriptor.namedLimits().forEach(limit -> node.limits.add(named(limit, ownPath, true)));
      copy(descriptor.children(), ownPath, node);
      parent.children.put(new Entry(descriptor.key(), descriptor.value().orElse("")), node);
    }
  }

  private static Named named(RuleLimit limit, String path, boolean keyedByName) {
    return new Named(limit.name().orElse(path), builder(limit), keyedByName);
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
    if (removed && node.limits.isEmpty()) {
      node.flags = node.flags.ofNoLimit();
    }
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
            mergeFlags(node, below);
            below.limits.addAll(node.limits);
            merge(node, below);
          }
        });
  }

  /** Flags stand for the limits that they were written with, and for no others. */
  private static void mergeFlags(Node upper, Node below) {
    Optional<Named> above = upper.anyLimit();
    Optional<Named> under = below.anyLimit();
    if (above.isPresent() && under.isPresent()) {
      boolean bothHere = !upper.limits.isEmpty() && !below.limits.isEmpty();
      if (bothHere || upper.flags.shareThreshold() != below.flags.shareThreshold()) {
        requireSame(above.get(), upper.flags, under.get(), below.flags);
      }
    }
    if (under.isEmpty()
        || !upper.limits.isEmpty()
        || (above.isPresent() && below.limits.isEmpty())) {
      below.flags = upper.flags;
      below.from = upper.from;
    }
  }

  private static void requireSame(Named upper, Flags ofUpper, Named lower, Flags ofLower) {
    if (!ofUpper.equals(ofLower)) {
      throw new RulesException(
          "the limits "
              + upper.name()
              + " and "
              + lower.name()
              + " are of one descriptor, which has flags for both: "
              + upper.name()
              + " has "
              + ofUpper
              + ", "
              + lower.name()
              + " has "
              + ofLower
              + "; give both the same, or replace the one under its name");
    }
  }

  private static List<DescriptorBuilder> builders(Node node) {
    List<DescriptorBuilder> builders = new ArrayList<>();
    node.children.forEach((entry, child) -> builders.add(builder(entry, child)));
    return builders;
  }

  private static DescriptorBuilder builder(Entry entry, Node node) {
    DescriptorBuilder builder = Descriptor.key(entry.key(), entry.value());
    // Of several layers' rate_limits the lowest stays what it is, so that its state does, too.
    Optional<Named> single = node.limits.stream().filter(it -> !it.keyedByName()).findFirst();
    single.ifPresent(it -> builder.limit(it.limit()));
    node.limits.stream()
        .filter(it -> !it.equals(single.orElse(null)))
        .forEach(it -> builder.limits(it.limit().named(it.name())));
    if (node.flags.shadow()) {
      builder.shadow();
    }
    if (node.flags.quota()) {
      builder.quota();
    }
    if (node.flags.shareThreshold()) {
      builder.shareThreshold();
    }
    Optional.ofNullable(node.from).ifPresent(from -> copyMetrics(from, builder));
    return builder.with(builders(node));
  }

  private static void copyMetrics(Descriptor from, DescriptorBuilder builder) {
    if (from.hasDetailedMetric()) {
      builder.detailedMetric();
    }
    if (from.hasValueToMetric()) {
      builder.valueToMetric();
    }
    from.metadata().ifPresent(builder::metadata);
  }
}
