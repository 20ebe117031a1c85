package io.weir.limiter.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One node of a rule tree: what it matches, the limits that it carries, and the nodes below it.
 * Immutable and thread-safe. Made by {@link #key}, which gives a {@link DescriptorBuilder}; a
 * descriptor exists only as part of {@link DomainRules} and is therefore always valid.
 */
public final class Descriptor {
  private final String key;
  private final Optional<String> value;
  private final Optional<RuleLimit> limit;
  private final List<RuleLimit> namedLimits;
  private final List<RuleLimit> limits;
  private final boolean shadow;
  private final boolean quota;
  private final boolean shareThreshold;
  private final boolean detailedMetric;
  private final boolean valueToMetric;
  private final Optional<Metadata> metadata;
  private final List<Descriptor> children;

  Descriptor(
      DescriptorBuilder from,
      Optional<RuleLimit> limit,
      List<RuleLimit> namedLimits,
      Optional<Metadata> metadata,
      List<Descriptor> children) {
    this.key = from.key;
    this.value = from.value.isEmpty() ? Optional.empty() : Optional.of(from.value);
    this.limit = limit;
    this.namedLimits = List.copyOf(namedLimits);
    this.limits = Stream.concat(limit.stream(), namedLimits.stream()).toList();
    this.shadow = from.shadow;
    this.quota = from.quota;
    this.shareThreshold = from.shareThreshold;
    this.detailedMetric = from.detailedMetric;
    this.valueToMetric = from.valueToMetric;
    this.metadata = metadata.filter(given -> !given.isEmpty());
    this.children = List.copyOf(children);
  }

  /** Begins a descriptor that matches every value of an attribute. */
  public static DescriptorBuilder key(String key) {
    return new DescriptorBuilder(key, "");
  }

  /**
   * Begins a descriptor that matches some values of an attribute.
   *
   * @param value the value, in which each {@code *} stands for any characters, or none; an empty
   *     one matches every value, as in envoyproxy/ratelimit
   */
  public static DescriptorBuilder key(String key, String value) {
    return new DescriptorBuilder(key, value);
  }

  /** The attribute that this node matches. */
  public String key() {
    return key;
  }

  /** The value that this node matches, in which {@code *} stands for any characters. */
  public Optional<String> value() {
    return value;
  }

  /** Whether the value is a wildcard. */
  public boolean isWildcard() {
    return value.isPresent() && value.get().indexOf('*') >= 0;
  }

  /** Key and value as envoyproxy/ratelimit joins them in names: {@code user_id_42}. */
  public String compositeKey() {
    return compositeKey(key, value.orElse(""));
  }

  static String compositeKey(String key, String value) {
    return value.isEmpty() ? key : key + "_" + value;
  }

  /**
   * All limits: {@link #limit} before {@link #namedLimits}. Where there is none, the node frees
   * what it matches.
   */
  public List<RuleLimit> limits() {
    return limits;
  }

  /**
   * The limit {@code rate_limit}, whose state is kept without its name: so others can come beside
   * it, and go, while its state stays.
   */
  public Optional<RuleLimit> limit() {
    return limit;
  }

  /**
   * The limits of the list {@code rate_limits} in file order: each has a name of its own, which its
   * state is kept by.
   */
  public List<RuleLimit> namedLimits() {
    return namedLimits;
  }

  /** Whether the limits are evaluated and reported but never deny. */
  public boolean isShadow() {
    return shadow;
  }

  /** Whether the limits deny only where every quota limit of the request refuses. */
  public boolean isQuota() {
    return quota;
  }

  /** Whether all values that match the wildcard share one budget. */
  public boolean sharesThreshold() {
    return shareThreshold;
  }

  /** The setting {@code detailed_metric}; carried, not interpreted here. */
  public boolean hasDetailedMetric() {
    return detailedMetric;
  }

  /** The setting {@code value_to_metric}; carried, not interpreted here. */
  public boolean hasValueToMetric() {
    return valueToMetric;
  }

  /** The metadata; carried, not interpreted here. */
  public Optional<Metadata> metadata() {
    return metadata;
  }

  /** The nodes below this one in file order. */
  public List<Descriptor> children() {
    return children;
  }

  /** What a refusal of this node's limits means. A shadow never denies, whatever else it is. */
  public LimitMode mode() {
    if (shadow) {
      return LimitMode.SHADOW;
    }
    return quota ? LimitMode.QUOTA : LimitMode.ENFORCED;
  }

  private List<Object> parts() {
    return List.of(
        key,
        value,
        limit,
        namedLimits,
        shadow,
        quota,
        shareThreshold,
        detailedMetric,
        valueToMetric,
        metadata,
        children);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Descriptor that && parts().equals(that.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    limits.forEach(limit -> parts.add(limit.toString()));
    children.forEach(child -> parts.add(child.toString()));
    return compositeKey() + parts;
  }
}
