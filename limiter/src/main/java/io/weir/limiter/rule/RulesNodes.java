package io.weir.limiter.rule;

import io.weir.limiter.rule.YamlNode.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes from the YAML of one file what it says of rules, and checks types on the way. */
final class RulesNodes {
  private final String file;
  private final Problems problems;

  RulesNodes(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** What the file says; empty where not even the domain could be read. */
  Optional<DomainDraft> domain(YamlNode root) {
    if (!(root instanceof YamlMap map)) {
      TypedValues.typeProblem(
          problems, file, root, "map[interface {}]interface {}", "a rules file is a mapping");
      return Optional.empty();
    }
    new RulesKeys(file, problems).check(map, Optional.of(RulesPart.FILE));
    TypedValues values = new TypedValues(file, problems, map);
    String domain = values.text("domain");
    List<DescriptorBuilder> descriptors = descriptors(values);
    return values.unreadable().isEmpty()
        ? Optional.of(new DomainDraft(domain, descriptors, place(map)))
        : Optional.empty();
  }

  private List<DescriptorBuilder> descriptors(TypedValues parent) {
    List<DescriptorBuilder> descriptors = new ArrayList<>();
    for (YamlMap item : parent.maps("descriptors", "[]config.YamlDescriptor")) {
      descriptors.add(descriptor(item));
    }
    return descriptors;
  }

  private DescriptorBuilder descriptor(YamlMap map) {
    TypedValues values = new TypedValues(file, problems, map);
    DescriptorBuilder descriptor = new DescriptorBuilder(values.text("key"), values.text("value"));
    descriptor.unreadable = !values.unreadable().isEmpty();
    descriptor.place = place(map);
    values
        .map("rate_limit", "config.YamlRateLimit")
        .ifPresent(limit -> descriptor.limit(limit(limit)));
    values
        .list("rate_limits", "[]config.YamlRateLimit")
        .ifPresent(limits -> descriptor.limits(limits.stream().map(this::limit).toList()));
    descriptor.shadow = values.flag("shadow_mode");
    descriptor.quota = values.flag("quota_mode");
    descriptor.shareThreshold = values.flag("share_threshold");
    descriptor.detailedMetric = values.flag("detailed_metric");
    descriptor.valueToMetric = values.flag("value_to_metric");
    values
        .map("metadata", "map[string]interface {}")
        .ifPresent(metadata -> metadata(descriptor, metadata));
    descriptor.children.addAll(descriptors(values));
    return descriptor;
  }

  private void metadata(DescriptorBuilder descriptor, YamlMap map) {
    try {
      descriptor.metadata(Metadata.of(map));
    } catch (RulesException e) {
      problems.add(
          Problems.Phase.RULES,
          file + ":" + map.line(),
          "error parsing metadata: " + e.getMessage());
    }
  }

  private RuleLimitBuilder limit(YamlMap map) {
    TypedValues values = new TypedValues(file, problems, map);
    RuleLimitBuilder limit = new RuleLimitBuilder();
    limit.place = place(map);
    limit.name = values.text("name");
    limit.unit = values.text("unit");
    limit.unlimited = values.flag("unlimited");
    limit.requests = values.count("requests_per_unit");
    limit.algorithmName = values.text("algorithm");
    limit.burst = values.number("burst");
    limit.multiplier = values.number("unit_multiplier");
    limit.onError = values.text("on_error");
    for (YamlMap replaced : values.maps("replaces", "[]config.yamlReplaces")) {
      limit.replaces.add(new TypedValues(file, problems, replaced).text("name"));
    }
    limit.unreadable = values.unreadable();
    return limit;
  }

  /** The line of a key, or of the whole mapping where it lacks the key. */
  private Place place(YamlMap map) {
    return (field, path) ->
        file + ":" + map.entry(field).map(entry -> entry.key().line()).orElse(map.line());
  }
}
