package io.weir.limiter.algorithm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The open holds of one row as pure steps, in the order in which they were taken.
 *
 * <p><b>Derivation.</b> Let U(t) be what is used, and e the part of it that is due to one hold: U
 * with the hold less U without it. At the hold e is its cost. What is used drains down to 0 and no
 * further, so e only shrinks where there would be nothing left without the hold, and then to U:
 * after the hold, {@code e = min(cost, least U since)}. That is what a release may give back, and
 * what is left is exactly what would be used without the hold. The others must then be told of the
 * past as it would have been without it: the least U of those taken later was less by e (had e
 * shrunk since they were taken, U would have been 0 then); that of those taken before is the lesser
 * of their own and that of the released one less e.
 *
 * <p>{@code HoldProperties} compares each release with a replay of the history without the hold.
 */
final class Holds {
  private Holds() {}

  /** What was used at some time, seen by all. */
  static List<Hold> seen(List<Hold> holds, long used) {
    return holds.isEmpty() ? holds : holds.stream().map(hold -> hold.seen(used)).toList();
  }

  /** One more; of more than {@code most} the oldest are final. */
  static List<Hold> with(List<Hold> holds, Hold hold, int most) {
    List<Hold> more = new ArrayList<>(holds);
    more.add(hold);
    return List.copyOf(more.subList(Math.max(0, more.size() - most), more.size()));
  }

  /** Those that are not final by their age. */
  static List<Hold> open(List<Hold> holds, long nowMillis, long holdMillis) {
    return holds.stream().filter(hold -> !hold.isFinal(nowMillis, holdMillis)).toList();
  }

  static Optional<Hold> find(List<Hold> holds, HoldId id) {
    return holds.stream().filter(hold -> hold.id().equals(id)).findFirst();
  }

  /** Those left after one was released and so much was given back for it. */
  static List<Hold> without(List<Hold> holds, Hold released, long given) {
    List<Hold> left = new ArrayList<>(holds.size() - 1);
    boolean later = false;
    for (Hold hold : holds) {
      if (hold.equals(released)) {
        later = true;
      } else {
        long base = later ? hold.leastUsed() : released.leastUsed();
        left.add(hold.seen(Math.max(0, base - given)));
      }
    }
    return List.copyOf(left);
  }
}
