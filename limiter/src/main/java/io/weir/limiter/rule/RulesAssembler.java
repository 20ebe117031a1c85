package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.Problems.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes rules of what somebody wrote, and is the one place that checks them: whether they come from
 * code, from a file or from a topic. Checks stand in the order of envoyproxy/ratelimit's
 * (src/config/config_impl.go), so that of several mistakes the same one comes first.
 *
 * <p>It goes on after a problem, to find them all; what it returns counts only if there was none.
 */
final class RulesAssembler {
  private final LimitAssembler limitAssembler;
  private final RulesWarnings warnings;
  private final Problems problems;

  /**
   * An assembler for one domain.
   *
   * @param namesElsewhere names of limits of the domain that are not made here
   */
  RulesAssembler(Algorithms algorithms, Problems problems, Set<String> namesElsewhere) {
    this.limitAssembler = new LimitAssembler(algorithms, problems);
    this.warnings = new RulesWarnings(problems, namesElsewhere);
    this.problems = problems;
  }

  DomainRules assemble(String domain, Place place, List<DescriptorBuilder> descriptors) {
    if (domain.isEmpty()) {
      problem(place, "domain", "rules", "config file cannot have empty domain");
    }
    checkText(place, "domain", "rules", domain);
    if (domain.length() > DomainRules.MAX_DOMAIN_CHARS) {
      problem(
          place,
          "domain",
          "rules",
          "the domain has "
              + domain.length()
              + " characters; it may have "
              + DomainRules.MAX_DOMAIN_CHARS
              + ", as requests cannot name a longer one");
    }
    List<Descriptor> assembled = level(descriptors, domain, Set.of(), 1);
    warnings.finish(place, domain, assembled);
    return new DomainRules(domain, assembled, 0);
  }

  private List<Descriptor> level(
      List<DescriptorBuilder> descriptors, String parentPath, Set<String> keysAbove, int depth) {
    List<Descriptor> assembled = new ArrayList<>();
    Map<Entry, DescriptorBuilder> seen = new HashMap<>();
    for (int i = 0; i < descriptors.size(); i++) {
      DescriptorBuilder descriptor = descriptors.get(i);
      String path = path(parentPath, descriptor, i);
      checkIdentity(descriptor, path, seen);
      Set<String> siblings = new HashSet<>(names(descriptor.single));
      siblings.addAll(names(descriptor.list));
      Optional<RuleLimit> limit = limit(descriptor, path, siblings);
      List<RuleLimit> namedLimits = namedLimits(descriptor, path, siblings);
      checkShareThreshold(descriptor, path);
      warnings.visit(descriptor, path, keysAbove);
      Optional<Metadata> metadata = metadata(descriptor, path);
      List<Descriptor> children = below(descriptor, path, keysAbove, depth);
      assembled.add(new Descriptor(descriptor, limit, namedLimits, metadata, children));
    }
    return assembled;
  }

  private List<Descriptor> below(
      DescriptorBuilder descriptor, String path, Set<String> keysAbove, int depth) {
    if (depth == DomainRules.MAX_LEVELS && !descriptor.children.isEmpty()) {
      problem(
          descriptor.place,
          "descriptors",
          path,
          "descriptors are nested deeper than " + DomainRules.MAX_LEVELS + " levels");
      return List.of();
    }
    Set<String> keys = new HashSet<>(keysAbove);
    keys.add(descriptor.key);
    return level(descriptor.children, path, keys, depth + 1);
  }

  /** A node without a key has no name in the path; its index tells which it is. */
  private static String path(String parentPath, DescriptorBuilder descriptor, int index) {
    return descriptor.key.isEmpty()
        ? parentPath + ".descriptors[" + index + "]"
        : parentPath + "." + Descriptor.compositeKey(descriptor.key, descriptor.value);
  }

  private void checkIdentity(
      DescriptorBuilder descriptor, String path, Map<Entry, DescriptorBuilder> seen) {
    if (descriptor.unreadable) {
      return;
    }
    if (descriptor.key.isEmpty()) {
      problem(descriptor.place, "key", path, "descriptor has empty key");
      return;
    }
    checkText(descriptor.place, "key", path, descriptor.key);
    checkText(descriptor.place, "value", path, descriptor.value);
    Entry identity = new Entry(descriptor.key, descriptor.value);
    DescriptorBuilder first = seen.putIfAbsent(identity, descriptor);
    if (first != null) {
      String where = first.place.of("", path);
      problem(
          descriptor.place,
          "",
          path,
          "duplicate descriptor composite key '"
              + path
              + "'"
              + (where.equals(path) ? "" : "; the first is at " + where));
    }
  }

  private Optional<RuleLimit> limit(
      DescriptorBuilder descriptor, String path, Set<String> siblings) {
    if (descriptor.single.size() > 1) {
      problem(
          descriptor.place,
          "rate_limit",
          path,
          "rate_limit is given "
              + descriptor.single.size()
              + " times; keep one of them, and put the others into rate_limits, each with a name");
    }
    List<RuleLimit> limits = new ArrayList<>();
    for (RuleLimitBuilder limit : descriptor.single) {
      checkText(limit.place, "name", path, limit.name);
      limitAssembler.assemble(limit, path, siblings).ifPresent(limits::add);
    }
    return limits.stream().findFirst();
  }

  private List<RuleLimit> namedLimits(
      DescriptorBuilder descriptor, String path, Set<String> siblings) {
    List<RuleLimit> limits = new ArrayList<>();
    checkNames(descriptor, path);
    for (int i = 0; i < descriptor.list.size(); i++) {
      RuleLimitBuilder limit = descriptor.list.get(i);
      checkText(limit.place, "name", path, limit.name);
      limitAssembler
          .assemble(limit, path + ".rate_limits[" + i + "]", siblings)
          .ifPresent(limits::add);
    }
    return limits;
  }

  private void checkNames(DescriptorBuilder descriptor, String path) {
    Set<String> ofSingle = names(descriptor.single);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < descriptor.list.size(); i++) {
      RuleLimitBuilder limit = descriptor.list.get(i);
      String limitPath = path + ".rate_limits[" + i + "]";
      if (limit.name.isEmpty()) {
        if (limit.unreadable.isEmpty()) {
          problem(
              limit.place,
              "name",
              limitPath,
              "a limit of rate_limits has no name; each needs one, its state is kept by it");
        }
      } else if (!seen.add(limit.name)) {
        problem(
            limit.place,
            "name",
            limitPath,
            "the name '" + limit.name + "' occurs twice in rate_limits; each needs its own");
      } else if (ofSingle.contains(limit.name)) {
        problem(
            limit.place,
            "name",
            limitPath,
            "the name '" + limit.name + "' is that of rate_limit, too; each needs its own");
      }
    }
  }

  private static Set<String> names(List<RuleLimitBuilder> limits) {
    return limits.stream().map(limit -> limit.name).collect(Collectors.toSet());
  }

  private void checkShareThreshold(DescriptorBuilder descriptor, String path) {
    String compositeKey = Descriptor.compositeKey(descriptor.key, descriptor.value);
    if (descriptor.shareThreshold && compositeKey.indexOf('*') < 0) {
      problem(
          descriptor.place,
          "share_threshold",
          path,
          "share_threshold can only be used with wildcard values (containing '*'), but found key '"
              + compositeKey
              + "'");
    }
  }

  private Optional<Metadata> metadata(DescriptorBuilder descriptor, String path) {
    if (descriptor.metadataJson.isEmpty()) {
      return descriptor.metadata;
    }
    try {
      return Optional.of(Metadata.ofJson(descriptor.metadataJson));
    } catch (RulesException e) {
      problem(descriptor.place, "metadata", path, "error parsing metadata: " + e.problems().get(0));
      return Optional.empty();
    }
  }

  /** State keys are UTF-8. */
  private void checkText(Place place, String field, String path, String text) {
    if (!PercentCode.isEncodable(text)) {
      problem(place, field, path, field + " holds half of a surrogate pair, which is no character");
    }
  }

  private void problem(Place place, String field, String path, String what) {
    problems.add(Phase.RULES, place.of(field, path), what);
  }
}
