package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A descriptor as matching needs it: everything that can be worked out beforehand is. */
final class RuleNode {
  /**
   * One limit of a node.
   *
   * @param limit the limit; null where it is unlimited
   * @param rule name for people and metric labels
   * @param name the limit's own name, by which it can be replaced; empty where it has none
   * @param stateSuffix the end of the state key: {@code #name}, {@code #} for {@code rate_limit},
   *     after the bar where no entry follows the identifier: {@code |#name}
   * @param replaces names of limits that do not apply where this one does
   * @param onError what a synchronous door answers when its backend fails
   */
  record NodeLimit(
      @Nullable Limit limit,
      String rule,
      String name,
      KeyText stateSuffix,
      List<String> replaces,
      Optional<OnError> onError) {}

  final int position;
  final String key;

  /**
   * What stands before the value in keys of state, percent-encoded: {@code api/user_id=}, {@code
   * |endpoint=}, {@code /method=} for a first, second and third entry.
   */
  final KeyText entryPrefix;

  /** Whether it is reached by one value alone. */
  final boolean isExact;

  /** The entry that stands for every value; null where each value has a budget of its own. */
  final @Nullable KeyText sharedEntry;

  final LimitMode mode;
  final NodeLimit[] limits;
  final RuleLevel children;

  /**
   * Compiles a descriptor.
   *
   * @param position the place among its siblings
   * @param path the path of the parent: {@code api.user_id_42}
   * @param keyPrefix what stands before its key in keys of state
   * @param keysAbove the keys on the way to it
   */
  RuleNode(
      Descriptor descriptor, int position, String path, String keyPrefix, Set<String> keysAbove) {
    String ownPath = path + "." + descriptor.compositeKey();
    this.position = position;
    this.key = descriptor.key();
    String prefix = keyPrefix + PercentCode.encode(key) + '=';
    this.entryPrefix = KeyText.of(prefix);
    this.isExact = descriptor.value().filter(value -> value.indexOf('*') < 0).isPresent();
    this.sharedEntry =
        descriptor.sharesThreshold()
            ? descriptor
                .value()
                .map(value -> KeyText.of(prefix + PercentCode.encodePattern(value)))
                .orElse(null)
            : null;
    this.mode = descriptor.mode();
    String bar = keysAbove.isEmpty() ? "|#" : "#";
    List<NodeLimit> compiled = new ArrayList<>();
    descriptor.limit().ifPresent(limit -> compiled.add(compile(limit, ownPath, bar)));
    for (RuleLimit limit : descriptor.namedLimits()) {
      compiled.add(compile(limit, ownPath, bar + PercentCode.encode(limit.name().orElse(""))));
    }
    this.limits = compiled.toArray(new NodeLimit[0]);
    this.children = RuleLevel.below(descriptor, ownPath, keysAbove);
  }

  private static NodeLimit compile(RuleLimit limit, String ownPath, String stateSuffix) {
    return new NodeLimit(
        limit instanceof RuleLimit.Limited limited ? limited.limit() : null,
        limit.name().orElse(ownPath),
        limit.name().orElse(""),
        KeyText.of(stateSuffix),
        limit.replaces(),
        limit instanceof RuleLimit.Limited limited ? limited.onError() : Optional.empty());
  }
}
