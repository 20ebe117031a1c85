package io.weir.limiter.rule;

import org.jspecify.annotations.Nullable;

/** One step of a path through the rule tree. Two steps are the same only if they are one object. */
final class Step {
  /** The step before; null for the first. */
  private final @Nullable Step parent;

  /** The node that was reached. */
  final RuleNode node;

  /** The request's value that led there. */
  final String value;

  Step(@Nullable Step parent, RuleNode node, String value) {
    this.parent = parent;
    this.node = node;
    this.value = value;
  }

  /** The first step of the path: who is limited. */
  Step top() {
    Step top = this;
    while (top.parent != null) {
      top = top.parent;
    }
    return top;
  }

  /** Whether a first step identifies nobody: by an empty value that nothing stands for. */
  boolean isNobody() {
    return value.isEmpty() && node.sharedValue == null;
  }

  /** The entry as it stands in keys of state; that of a first step is the identifier. */
  String entry() {
    return node.entryPrefix
        + (node.sharedValue == null ? PercentCode.encode(value) : node.sharedValue);
  }

  /** The identifier with the further entries behind it. */
  String path(String identifier) {
    return parent == null ? identifier : parent.path(identifier) + entry();
  }
}
