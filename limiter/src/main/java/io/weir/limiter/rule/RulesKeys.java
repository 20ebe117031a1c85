package io.weir.limiter.rule;

import io.weir.limiter.rule.Problems.Phase;
import io.weir.limiter.rule.YamlNode.YamlEntry;
import io.weir.limiter.rule.YamlNode.YamlList;
import io.weir.limiter.rule.YamlNode.YamlMap;
import io.weir.limiter.words.Suggestion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks the keys of a rules file before anything is read from it, and that values are of a kind
 * that rules can consist of at all: what envoyproxy/ratelimit checks first (validateYamlKeys).
 */
final class RulesKeys {
  private static final Set<String> NUMBERS =
      Set.of("requests_per_unit", "unit_multiplier", "burst");

  private static final int LONG_BITS = 63;

  private final String file;
  private final Problems problems;

  RulesKeys(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * Checks a mapping and all below it.
   *
   * @param part what the mapping is; empty where it stands in a place that nothing reads
   */
  void check(YamlMap map, Optional<RulesPart> part) {
    for (YamlEntry entry : map.entries()) {
      YamlScalar key = entry.key();
      if (key.type() != YamlScalar.Type.STRING) {
        problem(key.line(), "config error, key is not of type string: " + key + "; quote it");
        continue;
      }
      checkKey(key, part);
      if (!key.text().equals("metadata")) {
        checkValue(key.text(), entry.value());
      }
    }
  }

  private void checkKey(YamlScalar key, Optional<RulesPart> part) {
    String name = key.text();
    List<RulesPart> homes = RulesPart.holding(name);
    if (homes.isEmpty()) {
      String hint = part.map(present -> Suggestion.didYouMean(name, present.keys())).orElse("");
      problem(key.line(), "config error, unknown key '" + name + "'" + hint);
    } else if (part.isPresent() && !part.get().keys().contains(name)) {
      String belongs =
          homes.stream().map(RulesPart::description).collect(Collectors.joining(" or "));
      String misplaced = part.get().description() + "; it belongs " + belongs;
      if (RulesPart.ADDED_BY_WEIR.contains(name)) {
        problem(key.line(), "config error, unknown key '" + name + "' " + misplaced);
      } else {
        problems.warn(file + ":" + key.line(), "the key '" + name + "' has no effect " + misplaced);
      }
    }
  }

  private void checkValue(String key, YamlNode value) {
    if (value instanceof YamlMap map) {
      check(map, RulesPart.under(key));
    } else if (value instanceof YamlList list) {
      for (YamlNode item : list.items()) {
        if (item instanceof YamlMap map) {
          check(map, RulesPart.under(key));
        } else {
          problem(
              item.line(), "config error, yaml file contains list of type other than map: " + item);
        }
      }
    } else {
      checkScalar(key, (YamlScalar) value);
    }
  }

  private void checkScalar(String key, YamlScalar scalar) {
    if (!canBeRead(scalar)) {
      problem(
          scalar.line(),
          "error checking config: "
              + key
              + " is "
              + scalar.text()
              + (NUMBERS.contains(key)
                  ? "; it must be a whole number of at most 63 bits"
                  : "; text that looks like a number must be quoted"));
    }
  }

  /** Whether a scalar is one of the kinds that rules files hold; if not, it is reported here. */
  static boolean canBeRead(YamlScalar scalar) {
    return switch (scalar.type()) {
      case FLOAT -> false;
      case INTEGER -> scalar.integer().bitLength() <= LONG_BITS;
      default -> true;
    };
  }

  private void problem(int line, String what) {
    problems.add(Phase.KEYS, file + ":" + line, what);
  }
}
