package io.weir.limiter.rule;

import io.weir.limiter.words.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds what is accepted, as envoyproxy/ratelimit does, but was hardly meant so. */
final class RulesWarnings {
  /** The most names that one warning lists. */
  private static final int MAX_NAMED = 20;

  private record Replacing(RuleLimitBuilder limit, String path, String name) {}

  private final Problems problems;

  /** Whether there is nothing of the domain elsewhere. */
  private final boolean isAll;

  private final Set<String> names = new TreeSet<>();
  private final Set<String> paths = new HashSet<>();
  private final List<Replacing> replacing = new ArrayList<>();

  /**
   * Finds it in one domain.
   *
   * @param namesElsewhere names of limits of the domain that are not looked at here
   */
  RulesWarnings(Problems problems, Set<String> namesElsewhere) {
    this.problems = problems;
    this.isAll = namesElsewhere.isEmpty();
    this.names.addAll(namesElsewhere);
  }

  /**
   * Looks at one descriptor.
   *
   * @param keysAbove the keys on the way to it
   */
  void visit(DescriptorBuilder descriptor, String path, Set<String> keysAbove) {
    if (descriptor.key.indexOf('*') >= 0) {
      warn(descriptor, "key", path, "the '*' in a key is an ordinary character, not a wildcard");
    }
    if (!paths.add(path)) {
      warn(
          descriptor,
          "",
          path,
          "another descriptor goes by '" + path + "' too; give their limits names");
    }
    if (keysAbove.contains(descriptor.key)) {
      warn(
          descriptor,
          "key",
          path,
          "a descriptor above has the key '"
              + descriptor.key
              + "' too; events never match both, only explicit descriptors do");
    }
    if (descriptor.shadow && descriptor.quota) {
      warn(descriptor, "quota_mode", path, "quota_mode has no effect beside shadow_mode");
    }
    descriptor.single.forEach(limit -> visit(limit, path));
    descriptor.list.forEach(limit -> visit(limit, path));
  }

  private void visit(RuleLimitBuilder limit, String path) {
    if (!limit.name.isEmpty()) {
      names.add(limit.name);
    }
    for (String name : limit.replaces) {
      replacing.add(new Replacing(limit, path, name));
    }
    if (!limit.unlimited && limit.requests.isEmpty()) {
      problems.warn(
          limit.place.of("", path),
          "requests_per_unit is missing; it counts as 0, which denies all requests");
    }
  }

  /** Tells what can be told only when all descriptors have been visited. */
  void finish(Place place, String domain, List<Descriptor> descriptors) {
    if (isAll && descriptors.stream().noneMatch(RulesWarnings::hasLimit)) {
      problems.warn(
          place.of("descriptors", domain),
          "no rule of the domain '" + domain + "' has a limit; all its requests are allowed");
    }
    for (Replacing each : replacing) {
      if (!names.contains(each.name())) {
        problems.warn(
            each.limit().place.of("replaces", each.path()),
            "replaces names '"
                + each.name()
                + "', but no limit of this domain has that name"
                + known()
                + Suggestion.didYouMean(each.name(), names));
      }
    }
  }

  private String known() {
    String some = names.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : "; named are " + some + (names.size() > MAX_NAMED ? ", …" : "");
  }

  private static boolean hasLimit(Descriptor descriptor) {
    return descriptor.limits().stream().anyMatch(RuleLimit.Limited.class::isInstance)
        || descriptor.children().stream().anyMatch(RulesWarnings::hasLimit);
  }

  private void warn(DescriptorBuilder descriptor, String field, String path, String what) {
    problems.warn(descriptor.place.of(field, path), what);
  }
}
