package io.weir.streams.cli.rules;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of one limit, or of one node without any.
 *
 * @param place where it is
 * @param before what it was; empty where it is new
 * @param after what it will be; empty where it goes
 * @param order how its place in the file changes, and what follows; empty where there is nothing to
 *     say
 * @param usage what becomes of what was used; empty where there is nothing to say
 */
record LimitChange(
    LimitPlace place,
    Optional<LimitItem> before,
    Optional<LimitItem> after,
    Optional<String> order,
    Optional<Usage> usage) {

  /** What happens to it. */
  enum Kind {
    ADDED,
    CHANGED,
    REMOVED
  }

  Kind kind() {
    if (before.isEmpty()) {
      return Kind.ADDED;
    }
    return after.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
  }

  /** The names of the fields that change, in the order of the YAML. */
  static Set<String> changedFields(LimitItem before, LimitItem after) {
    Map<String, Object> was = before.fields();
    Map<String, Object> is = after.fields();
    Set<String> fields = new LinkedHashSet<>(is.keySet());
    fields.addAll(was.keySet());
    fields.removeIf(
        field -> Optional.ofNullable(was.get(field)).equals(Optional.ofNullable(is.get(field))));
    return Collections.unmodifiableSet(fields);
  }
}
