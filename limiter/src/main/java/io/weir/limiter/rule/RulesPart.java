package io.weir.limiter.rule;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The kinds of mappings that a rules file consists of, and the keys that each can hold. */
enum RulesPart {
  FILE("at the top of the file", "domain", "descriptors"),
  DESCRIPTOR(
      "in a descriptor",
      "key",
      "value",
      "descriptors",
      "rate_limit",
      "rate_limits",
      "shadow_mode",
      "quota_mode",
      "share_threshold",
      "detailed_metric",
      "value_to_metric",
      "metadata"),
  LIMIT(
      "under rate_limit",
      "unit",
      "requests_per_unit",
      "unlimited",
      "name",
      "replaces",
      "algorithm",
      "burst",
      "unit_multiplier",
      "on_error"),
  REPLACES("under replaces", "name");

  /** The keys that envoyproxy/ratelimit does not know. */
  static final Set<String> ADDED_BY_WEIR =
      Set.of("algorithm", "burst", "unit_multiplier", "rate_limits", "on_error");

  private final String description;

  /** Unmodifiable, and in the order in which they are written. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<String> keys;

  RulesPart(String description, String... keys) {
    this.description = description;
    this.keys = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(keys)));
  }

  /** Where that is, for messages: {@code in a descriptor}. */
  String description() {
    return description;
  }

  /** The keys it can hold. */
  Set<String> keys() {
    return keys;
  }

  /** The parts that can hold a key. */
  static List<RulesPart> holding(String key) {
    return Arrays.stream(values()).filter(part -> part.keys.contains(key)).toList();
  }

  /** The part that the value of a key is, or its items are. */
  static Optional<RulesPart> under(String key) {
    return switch (key) {
      case "descriptors" -> Optional.of(DESCRIPTOR);
      case "rate_limit", "rate_limits" -> Optional.of(LIMIT);
      case "replaces" -> Optional.of(REPLACES);
      default -> Optional.empty();
    };
  }
}
