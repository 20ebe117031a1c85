package io.weir.limiter.rule;

import org.jspecify.annotations.Nullable;

/** One step of a path through the rule tree. Two steps are the same only if they are one object. */
final class Step {
  /** The step before; null for the first. */
  private final @Nullable Step parent;

  /** The node that was reached. */
  final RuleNode node;

  /** The request's value that led there, as it stands in keys of state. */
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
    return value.isEmpty() && node.sharedEntry == null;
  }

  /** The entry as it stands in keys of state; that of a first step is the identifier. */
  KeyText entry() {
    return node.sharedEntry == null ? node.entryPrefix.plusCode(value) : node.sharedEntry;
  }

  /** The identifier with the further entries behind it. */
  KeyText path(KeyText identifier) {
    if (parent == null) {
      return identifier;
    }
    KeyText before = parent.path(identifier);
    return node.sharedEntry == null
        ? before.plusCode(node.entryPrefix, value)
        : before.plus(node.sharedEntry);
  }
}
