package io.weir.streams.cli.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which elements of a list changed their place in it, as few as can be told. */
final class Moves {
  private Moves() {}

  /**
   * The elements of both lists that must be moved to make the order of one that of the other; all
   * elements of a list differ.
   */
  static <T> Set<T> between(List<T> before, List<T> after) {
    Map<T, Integer> was = positions(before);
    List<T> common = after.stream().filter(was::containsKey).toList();
    Set<T> moved = new HashSet<>(common);
    moved.removeAll(longestRising(common, was));
    return moved;
  }

  static <T> Map<T, Integer> positions(List<T> list) {
    Map<T, Integer> positions = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      positions.put(list.get(i), i);
    }
    return positions;
  }

  /**
   * The longest part of a list whose numbers rise: patience sorting. What stays where it is; the
   * rest has moved.
   */
  private static <T> List<T> longestRising(List<T> list, Map<T, Integer> numbers) {
    List<Integer> ends = new ArrayList<>();
    int[] previous = new int[list.size()];
    for (int i = 0; i < list.size(); i++) {
      int number = number(list, i, numbers);
      int low = 0;
      int high = ends.size();
      while (low < high) {
        int middle = (low + high) / 2;
        if (number(list, ends.get(middle), numbers) < number) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      previous[i] = low == 0 ? -1 : ends.get(low - 1);
      if (low == ends.size()) {
        ends.add(i);
      } else {
        ends.set(low, i);
      }
    }
    List<T> rising = new ArrayList<>();
    int at = ends.isEmpty() ? -1 : ends.get(ends.size() - 1);
    while (at >= 0) {
      rising.add(list.get(at));
      at = previous[at];
    }
    return rising;
  }

  private static <T> int number(List<T> list, int at, Map<T, Integer> numbers) {
    return numbers.getOrDefault(list.get(at), 0);
  }
}
