package io.weir.limiter.rule;

import io.weir.limiter.rule.YamlNode.YamlEntry;
import io.weir.limiter.rule.YamlNode.YamlList;
import io.weir.limiter.rule.YamlNode.YamlMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The values of one mapping, each as the type that it should be. Used by one thread. */
final class TypedValues {
  private final String file;
  private final Problems problems;
  private final YamlMap map;
  private final Set<String> unreadable = new HashSet<>();

  TypedValues(String file, Problems problems, YamlMap map) {
    this.file = file;
    this.problems = problems;
    this.map = map;
  }

  /** The keys, of those asked for so far, whose values could not be read. */
  Set<String> unreadable() {
    return Set.copyOf(unreadable);
  }

  /** Text: any scalar as it is written; empty where there is none. */
  String text(String key) {
    Optional<YamlNode> value = value(key);
    if (value.isPresent() && value.get() instanceof YamlScalar scalar) {
      return scalar.text();
    }
    value.ifPresent(node -> broken(key, node, "string", "text"));
    return "";
  }

  boolean flag(String key) {
    Optional<YamlNode> value = value(key);
    if (value.isPresent()
        && value.get() instanceof YamlScalar scalar
        && scalar.type() == YamlScalar.Type.BOOLEAN) {
      return scalar.isTrue();
    }
    value.ifPresent(node -> broken(key, node, "bool", "true or false"));
    return false;
  }

  /** A whole number that cannot be below 0. */
  OptionalLong count(String key) {
    OptionalLong number = number(key, "uint32", "a whole number, 0 or more");
    if (number.isPresent() && number.getAsLong() < 0) {
      value(key).ifPresent(node -> broken(key, node, "uint32", "a whole number, 0 or more"));
      return OptionalLong.empty();
    }
    return number;
  }

  OptionalLong number(String key) {
    return number(key, "int64", "a whole number");
  }

  private OptionalLong number(String key, String type, String expected) {
    Optional<YamlNode> value = value(key);
    if (value.isPresent()
        && value.get() instanceof YamlScalar scalar
        && scalar.type() == YamlScalar.Type.INTEGER
        && scalar.integer().bitLength() < Long.SIZE) {
      return OptionalLong.of(scalar.integer().longValueExact());
    }
    value.ifPresent(node -> broken(key, node, type, expected));
    return OptionalLong.empty();
  }

  Optional<YamlMap> map(String key, String type) {
    Optional<YamlNode> value = value(key);
    if (value.isPresent() && value.get() instanceof YamlMap found) {
      return Optional.of(found);
    }
    value.ifPresent(node -> broken(key, node, type, "a mapping"));
    return Optional.empty();
  }

  /** The mappings of a sequence; other items have been complained about already. */
  List<YamlMap> maps(String key, String type) {
    return list(key, type).orElse(List.of());
  }

  /** The same, where it matters whether there is a sequence at all. */
  Optional<List<YamlMap>> list(String key, String type) {
    Optional<YamlNode> value = value(key);
    if (value.isPresent() && value.get() instanceof YamlList list) {
      List<YamlMap> maps = new ArrayList<>();
      for (YamlNode item : list.items()) {
        if (item instanceof YamlMap found) {
          maps.add(found);
        }
      }
      return Optional.of(maps);
    }
    value.ifPresent(node -> broken(key, node, type, "a list"));
    return Optional.empty();
  }

  /** The value of a key; nothing where it is null, too. */
  private Optional<YamlNode> value(String key) {
    return map.entry(key)
        .map(YamlEntry::value)
        .filter(node -> !(node instanceof YamlScalar scalar && scalar.isNull()));
  }

  private void broken(String key, YamlNode node, String type, String expected) {
    unreadable.add(key);
    boolean reported = node instanceof YamlScalar scalar && !RulesKeys.canBeRead(scalar);
    if (!reported) {
      typeProblem(problems, file, node, type, key + " must be " + expected);
    }
  }

  static void typeProblem(
      Problems problems, String file, YamlNode node, String type, String expected) {
    String shown = node instanceof YamlScalar scalar ? " `" + shortened(scalar.text()) + "`" : "";
    problems.add(
        Problems.Phase.TYPES,
        file + ":" + node.line(),
        "error loading config file: yaml: unmarshal errors: line "
            + node.line()
            + ": cannot unmarshal "
            + node.tag()
            + shown
            + " into "
            + type
            + "; "
            + expected);
  }

  /** As go-yaml shortens what it cites. */
  private static String shortened(String text) {
    return text.length() > 10 ? text.substring(0, 7) + "..." : text;
  }
}
