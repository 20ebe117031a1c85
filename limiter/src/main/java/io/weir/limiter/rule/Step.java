package io.weir.limiter.rule;

import org.jspecify.annotations.Nullable;

/**
 * One step of a path through the rule tree.
 *
 * @param parent the step before; null for the first
 * @param node the node that was reached
 * @param value the request's value that led there
 */
record Step(@Nullable Step parent, RuleNode node, String value) {

  /** The first step of the path: who is limited. */
  Step top() {
    Step top = this;
    while (top.parent != null) {
      top = top.parent;
    }
    return top;
  }

  /** The value as state is kept by it, percent-encoded. */
  String encodedValue() {
    return node.sharedValue == null ? PercentCode.encode(value) : node.sharedValue;
  }

  /** The entries after the first, {@code key=value}, joined by {@code /}. */
  String furtherEntries() {
    if (parent == null) {
      return "";
    }
    return parent.parent == null
        ? node.encodedKey + encodedValue()
        : parent.furtherEntries() + '/' + node.encodedKey + encodedValue();
  }
}
