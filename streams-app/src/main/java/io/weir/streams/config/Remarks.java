package io.weir.streams.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects sentences about settings, and gives them in the order of their origins. */
final class Remarks {
  private record Remark(Origin origin, String sentence) {}

  private final List<Remark> remarks = new ArrayList<>();

  void add(Origin origin, String sentence) {
    remarks.add(new Remark(origin, sentence));
  }

  boolean isEmpty() {
    return remarks.isEmpty();
  }

  /** A line for each: where, and what. */
  List<String> lines() {
    return remarks.stream()
        .sorted(Comparator.comparing(Remark::origin))
        .map(remark -> remark.origin() + ": " + remark.sentence())
        .toList();
  }
}
