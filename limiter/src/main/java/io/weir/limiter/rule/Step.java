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

  /** Writes {@code key=value}, percent-encoded. */
  void appendEntry(StringBuilder to) {
    to.append(node.encodedKey)
        .append(node.sharedValue == null ? PercentCode.encode(value) : node.sharedValue);
  }

  /** Writes the entries after the first, joined by {@code /}. */
  void appendFurtherEntries(StringBuilder to) {
    if (parent == null) {
      return;
    }
    parent.appendFurtherEntries(to);
    if (parent.parent != null) {
      to.append('/');
    }
    appendEntry(to);
  }
}
