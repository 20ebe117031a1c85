package io.weir.streams.cli.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * What others wrote while a plan was carried out. Kafka writes a record whatever stands before it,
 * so this can only be told afterwards.
 *
 * @param overwritten offsets after those that the plan was made of, and before our own: our record
 *     replaced what nobody here had seen
 * @param overwriting offsets after our own: they replaced it
 */
record PlanRace(List<Long> overwritten, List<Long> overwriting) {

  /**
   * Finds out.
   *
   * @param plannedOffset the newest record that the plan was made of; -1 for none
   * @param ownOffset our own record
   * @param offsets all records of the domain
   */
  static PlanRace of(long plannedOffset, long ownOffset, SortedSet<Long> offsets) {
    return new PlanRace(
        offsets.stream().filter(it -> it > plannedOffset && it < ownOffset).toList(),
        offsets.stream().filter(it -> it > ownOffset).toList());
  }

  /** All of them. */
  List<Long> meanwhile() {
    List<Long> all = new ArrayList<>(overwritten);
    all.addAll(overwriting);
    return all;
  }

  /** A sentence for each kind. */
  List<String> sentences(DomainPlan plan, long ownOffset) {
    List<String> sentences = new ArrayList<>();
    if (!overwritten.isEmpty()) {
      sentences.add(
          plan.domain()
              + ": someone else wrote revision "
              + last(overwritten)
              + " after this plan was made; revision "
              + ownOffset
              + " replaced it");
    }
    if (!overwriting.isEmpty()) {
      sentences.add(
          plan.domain()
              + ": someone else wrote revision "
              + last(overwriting)
              + " at the same time, which replaced revision "
              + ownOffset);
    }
    return sentences;
  }

  private static long last(List<Long> offsets) {
    return offsets.get(offsets.size() - 1);
  }
}
