package io.weir.streams.real;

import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.streams.real.Interleaving.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Plays the checks and releases of a run once more, by the library's judge and rows in a map.
 *
 * <p>Each topic has an order, but that in which its records met those of another one is not
 * recorded, so one is searched for ({@link Interleaving}). Rows of different identifiers meet
 * nowhere, so each identifier is searched by itself. (The floor of their times would be common to a
 * partition; no test runs for as long as the lateness.)
 */
final class Replay {
  private final Map<Run.Part, Run.Answered> answers;
  private final Map<String, Decision> decisions;
  private final HoldBounds bounds;
  private final List<Map<String, List<Event>>> lanes = new ArrayList<>();

  /** A replay of nothing, to which lanes are to be added; what was seen is given here. */
  Replay(Map<Run.Part, Run.Answered> answers, Map<String, Decision> decisions, HoldBounds bounds) {
    this.answers = answers;
    this.decisions = decisions;
    this.bounds = bounds;
  }

  /** Adds checks that were judged in this order. */
  void addChecks(List<Run.Checked> checks) {
    Map<String, List<Event>> lane = new LinkedHashMap<>();
    checks.forEach(check -> events(lane, check.check().identifier()).add(event(check)));
    lanes.add(lane);
  }

  /** Adds releases that were applied in this order. */
  void addReleases(List<Run.Released> releases) {
    Map<String, List<Event>> lane = new LinkedHashMap<>();
    releases.forEach(
        release ->
            events(lane, release.identifier())
                .add(new RowEvents.Released(release.id(), release.stateKeys())));
    lanes.add(lane);
  }

  /**
   * The rows that are left.
   *
   * @throws AssertionError if no order comes to what was seen
   */
  Map<String, StoredLimit> rows() {
    Set<String> identifiers = new LinkedHashSet<>();
    lanes.forEach(lane -> identifiers.addAll(lane.keySet()));
    Map<String, StoredLimit> rows = new HashMap<>();
    for (String identifier : identifiers) {
      rows.putAll(
          Interleaving.rowsAfter(
              identifier, lanes.stream().map(lane -> events(lane, identifier)).toList()));
    }
    return rows;
  }

  private Event event(Run.Checked checked) {
    Check check = checked.check();
    return checked
        .part()
        .<Event>map(
            part ->
                new RowEvents.Held(
                    check, part.id(), bounds, Objects.requireNonNull(answers.get(part)).answer()))
        .orElseGet(
            () ->
                new RowEvents.Judged(
                    check, Objects.requireNonNull(decisions.get(checked.requestId()))));
  }

  private static List<Event> events(Map<String, List<Event>> lane, String identifier) {
    return lane.computeIfAbsent(identifier, key -> new ArrayList<>());
  }
}
