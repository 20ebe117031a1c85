package io.weir.limiter.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What somebody wrote of one node of the rule tree, not checked yet: {@link RulesAssembler} checks
 * it, whether it comes from code, from a file or from a topic. Not thread-safe.
 */
public final class DescriptorBuilder {
  final String key;
  final String value;
  final List<RuleLimitBuilder> single = new ArrayList<>();
  final List<RuleLimitBuilder> list = new ArrayList<>();
  final List<DescriptorBuilder> children = new ArrayList<>();
  boolean shadow;
  boolean quota;
  boolean shareThreshold;
  boolean detailedMetric;
  boolean valueToMetric;
  Optional<Metadata> metadata = Optional.empty();
  String metadataJson = "";
  Place place = Place.PATH;

  /** Set where the key could not be read at all: complaining that it is empty would be false. */
  boolean unreadable;

  DescriptorBuilder(String key, String value) {
    this.key = key;
    this.value = value;
  }

  /**
   * Gives the node a limit whose state is kept without a name ({@code rate_limit}). There is at
   * most one; more come beside it by {@link #limits}.
   */
  public DescriptorBuilder limit(RuleLimitBuilder limit) {
    single.add(limit);
    return this;
  }

  /** Adds limits ({@code rate_limits}), each of which needs a name, which its state is kept by. */
  public DescriptorBuilder limits(RuleLimitBuilder... limits) {
    return limits(List.of(limits));
  }

  /** Adds limits ({@code rate_limits}), each of which needs a name, which its state is kept by. */
  public DescriptorBuilder limits(List<RuleLimitBuilder> limits) {
    list.addAll(limits);
    return this;
  }

  /** Frees what matches from this node, and counts as a match. */
  public DescriptorBuilder unlimited() {
    return limit(RuleLimit.unlimited());
  }

  /** Adds nodes below this one. */
  public DescriptorBuilder with(DescriptorBuilder... below) {
    return with(List.of(below));
  }

  /** Adds nodes below this one. */
  public DescriptorBuilder with(List<DescriptorBuilder> below) {
    children.addAll(below);
    return this;
  }

  /** Has the node's limits evaluated and reported, but never deny. */
  public DescriptorBuilder shadow() {
    this.shadow = true;
    return this;
  }

  /** Has the node's limits deny only where every quota limit of the request refuses. */
  public DescriptorBuilder quota() {
    this.quota = true;
    return this;
  }

  /** Has all values that match the wildcard share one budget. */
  public DescriptorBuilder shareThreshold() {
    this.shareThreshold = true;
    return this;
  }

  /** Sets {@code detailed_metric}. */
  public DescriptorBuilder detailedMetric() {
    this.detailedMetric = true;
    return this;
  }

  /** Sets {@code value_to_metric}. */
  public DescriptorBuilder valueToMetric() {
    this.valueToMetric = true;
    return this;
  }

  /** Attaches metadata. */
  public DescriptorBuilder metadata(Metadata newMetadata) {
    this.metadata = Optional.of(newMetadata);
    return this;
  }

  /** Attaches metadata, given as the text of a JSON object. */
  public DescriptorBuilder metadata(String json) {
    this.metadataJson = json;
    return this;
  }
}
