package io.weir.limiter.rule;

import io.weir.limiter.rule.RuleLimit.Limited;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Matching as slow and obvious as can be, written from the rules' description and sharing nothing
 * with the real one: all paths of the tree, then filters.
 */
final class ReferenceMatcher {
  private record Path(List<Descriptor> nodes, List<String> values) {
    Path plus(Descriptor node, String value) {
      List<Descriptor> moreNodes = new ArrayList<>(nodes);
      moreNodes.add(node);
      List<String> moreValues = new ArrayList<>(values);
      moreValues.add(value);
      return new Path(moreNodes, moreValues);
    }

    Descriptor last() {
      return nodes.get(nodes.size() - 1);
    }

    String entry(int index) {
      Descriptor node = nodes.get(index);
      String value =
          node.sharesThreshold()
              ? IntStream.range(0, node.value().orElseThrow().length())
                  .mapToObj(i -> node.value().orElseThrow().substring(i, i + 1))
                  .map(each -> each.equals("*") ? "*" : code(each))
                  .collect(Collectors.joining())
              : code(values.get(index));
      return code(node.key()) + "=" + value;
    }
  }

  private final DomainRules rules;

  ReferenceMatcher(DomainRules rules) {
    this.rules = rules;
  }

  /** Every limit that applies to an event, as state key to what is known of it, in rule order. */
  Map<String, ApplicableLimit> match(Map<String, String> attributes) {
    List<Path> paths = new ArrayList<>();
    collect(rules.descriptors(), attributes, new Path(List.of(), List.of()), paths);
    return limits(paths.stream().filter(path -> !isShadowOfNobody(path)).toList(), replaced(paths));
  }

  /** The identifier of every node of the first level that an event meets, in rule order. */
  List<String> identifiers(Map<String, String> attributes) {
    List<Path> paths = new ArrayList<>();
    collect(rules.descriptors(), attributes, new Path(List.of(), List.of()), paths);
    return paths.stream()
        .filter(path -> path.nodes().size() == 1)
        .map(path -> code(rules.domain()) + "/" + path.entry(0))
        .toList();
  }

  /** Whether an event meets a node that carries a limit. */
  boolean meetsLimit(Map<String, String> attributes) {
    List<Path> paths = new ArrayList<>();
    collect(rules.descriptors(), attributes, new Path(List.of(), List.of()), paths);
    return paths.stream()
        .filter(path -> !isShadowOfNobody(path))
        .anyMatch(path -> !path.last().limits().isEmpty());
  }

  /** Whether an event would be limited by an empty value. */
  boolean lacksIdentifier(Map<String, String> attributes) {
    List<Path> paths = new ArrayList<>();
    collect(rules.descriptors(), attributes, new Path(List.of(), List.of()), paths);
    return paths.stream()
        .filter(path -> path.entry(0).endsWith("="))
        .filter(path -> !path.last().isShadow())
        .anyMatch(path -> !limits(List.of(path), replaced(paths)).isEmpty());
  }

  private static boolean isShadowOfNobody(Path path) {
    return path.entry(0).endsWith("=") && path.last().isShadow();
  }

  /** Every limit that applies to explicit descriptors, for each of them. */
  List<Map<String, ApplicableLimit>> matchDescriptors(List<RequestedDescriptor> descriptors) {
    List<List<Path>> paths = descriptors.stream().map(each -> reached(each.entries())).toList();
    Set<String> replaced =
        replaced(paths.stream().flatMap(List::stream).collect(Collectors.toList()));
    return IntStream.range(0, paths.size())
        .mapToObj(i -> limits(paths.get(i), replaced, OptionalLong.of(descriptors.get(i).cost())))
        .toList();
  }

  private List<Path> reached(List<Entry> entries) {
    Path path = new Path(List.of(), List.of());
    List<Descriptor> level = rules.descriptors();
    for (Entry entry : entries) {
      Optional<Descriptor> next = chosen(level, entry.key(), entry.value());
      if (next.isEmpty()) {
        return List.of();
      }
      path = path.plus(next.get(), entry.value());
      level = next.get().children();
    }
    return List.of(path);
  }

  private void collect(
      List<Descriptor> level, Map<String, String> attributes, Path above, List<Path> paths) {
    for (Descriptor node : level) {
      String value = attributes.get(node.key());
      if (value == null || chosen(level, node.key(), value).stream().noneMatch(node::equals)) {
        continue;
      }
      Path path = above.plus(node, value);
      paths.add(path);
      Map<String, String> left = new HashMap<>(attributes);
      left.remove(node.key());
      collect(node.children(), left, path, paths);
    }
  }

  private static Optional<Descriptor> chosen(List<Descriptor> level, String key, String value) {
    List<Descriptor> sameKey = level.stream().filter(each -> each.key().equals(key)).toList();
    return sameKey.stream()
        .filter(each -> each.value().equals(Optional.of(value)))
        .findFirst()
        .or(
            () ->
                sameKey.stream()
                    .filter(each -> each.value().isPresent())
                    .filter(each -> each.value().get().contains("*"))
                    .filter(each -> pattern(each.value().get()).matcher(value).matches())
                    .findFirst())
        .or(() -> sameKey.stream().filter(each -> each.value().isEmpty()).findFirst());
  }

  private static Pattern pattern(String wildcard) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < wildcard.length(); i++) {
      char each = wildcard.charAt(i);
      regex.append(each == '*' ? ".*" : Pattern.quote(String.valueOf(each)));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  private static Set<String> replaced(List<Path> paths) {
    Set<String> names = new HashSet<>();
    for (Path path : paths) {
      path.last().limits().forEach(limit -> names.addAll(limit.replaces()));
    }
    return names;
  }

  private Map<String, ApplicableLimit> limits(List<Path> paths, Set<String> replaced) {
    return limits(paths, replaced, OptionalLong.empty());
  }

  private Map<String, ApplicableLimit> limits(
      List<Path> paths, Set<String> replaced, OptionalLong cost) {
    Map<String, ApplicableLimit> limits = new LinkedHashMap<>();
    for (Path path : paths) {
      for (RuleLimit limit : path.last().limits()) {
        if (limit instanceof Limited limited && limit.name().filter(replaced::contains).isEmpty()) {
          String key = stateKey(path, limit);
          ApplicableLimit applicable =
              new ApplicableLimit(
                  KeyText.of(key),
                  ruleName(path, limit),
                  limited.limit(),
                  mode(path.last()),
                  limited.onError(),
                  cost);
          if (limits.put(key, applicable) != null) {
            throw new AssertionError("two limits share the state " + key);
          }
        }
      }
    }
    return limits;
  }

  private String stateKey(Path path, RuleLimit limit) {
    String further =
        IntStream.range(1, path.nodes().size())
            .mapToObj(path::entry)
            .collect(Collectors.joining("/"));
    String name =
        path.last().limit().equals(Optional.of(limit)) ? "" : code(limit.name().orElseThrow());
    return code(rules.domain()) + "/" + path.entry(0) + "|" + further + "#" + name;
  }

  private String ruleName(Path path, RuleLimit limit) {
    return limit
        .name()
        .orElseGet(
            () ->
                rules.domain()
                    + path.nodes().stream()
                        .map(
                            each ->
                                "."
                                    + each.key()
                                    + each.value().map(value -> "_" + value).orElse(""))
                        .collect(Collectors.joining()));
  }

  private static LimitMode mode(Descriptor node) {
    if (node.isShadow()) {
      return LimitMode.SHADOW;
    }
    return node.isQuota() ? LimitMode.QUOTA : LimitMode.ENFORCED;
  }

  static String code(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
