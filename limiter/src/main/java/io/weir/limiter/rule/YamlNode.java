package io.weir.limiter.rule;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** YAML with aliases followed, merge keys merged and scalars typed. Lines count from 1. */
sealed interface YamlNode permits YamlNode.YamlMap, YamlNode.YamlList, YamlScalar {

  /** Where the node begins. */
  int line();

  /** The node's type as go-yaml writes it: {@code !!map}. */
  String tag();

  /** One key and its value. */
  record YamlEntry(YamlScalar key, YamlNode value) {}

  /** A mapping, in file order. */
  record YamlMap(int line, List<YamlEntry> entries) implements YamlNode {
    @Override
    public String tag() {
      return "!!map";
    }

    /** The entry of a key. */
    Optional<YamlEntry> entry(String key) {
      return entries.stream().filter(entry -> entry.key().isString(key)).findFirst();
    }

    @Override
    public String toString() {
      return entries.stream()
          .map(entry -> entry.key() + ":" + entry.value())
          .collect(Collectors.joining(" ", "map[", "]"));
    }
  }

  /** A sequence. */
  record YamlList(int line, List<YamlNode> items) implements YamlNode {
    @Override
    public String tag() {
      return "!!seq";
    }

    @Override
    public String toString() {
      return items.stream().map(YamlNode::toString).collect(Collectors.joining(" ", "[", "]"));
    }
  }
}
