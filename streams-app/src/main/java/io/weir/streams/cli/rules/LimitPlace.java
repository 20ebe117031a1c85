package io.weir.streams.cli.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which limit of a domain is meant, or which node.
 *
 * @param path the way to its node
 * @param name its name in {@code rate_limits}; empty for {@code rate_limit}, or where the node has
 *     no limit
 */
record LimitPlace(List<Step> path, Optional<String> name) {

  LimitPlace {
    path = List.copyOf(path);
  }

  /** One node on the way: what it matches. */
  record Step(String key, Optional<String> value) {

    boolean isWildcard() {
      return value.isPresent() && value.get().indexOf('*') >= 0;
    }

    String text() {
      return key + value.map(it -> "=" + it).orElse("");
    }
  }

  /** The first level, above all nodes. */
  static LimitPlace root() {
    return new LimitPlace(List.of(), Optional.empty());
  }

  /** A node below this one. */
  LimitPlace below(Step step) {
    List<Step> longer = new ArrayList<>(path);
    longer.add(step);
    return new LimitPlace(longer, Optional.empty());
  }

  /** The node that the limit is one of. */
  LimitPlace node() {
    return name.isEmpty() ? this : new LimitPlace(path, Optional.empty());
  }

  /** One limit of {@code rate_limits} of this node. */
  LimitPlace named(String limit) {
    return new LimitPlace(path, Optional.of(limit));
  }

  /** As people are told it: {@code user_id=42 / endpoint#fast}. */
  String text() {
    return path.stream().map(Step::text).collect(Collectors.joining(" / "))
        + name.map(it -> "#" + it).orElse("");
  }
}
