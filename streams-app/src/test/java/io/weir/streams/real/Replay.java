package io.weir.streams.real;

import io.weir.limiter.Decision;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.rule.Identifiers;
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
  private final Map<String, Map<HoldId, RowEvents.Answered>> answered = new HashMap<>();

  /** A replay of nothing, to which lanes are to be added; what was seen is given here. */
  Replay(Map<Run.Part, Run.Answered> answers, Map<String, Decision> decisions, HoldBounds bounds) {
    this.answers = answers;
    this.decisions = decisions;
    this.bounds = bounds;
  }

  /** Adds checks that were judged in this order. */
  void addChecks(List<Run.Checked> checks) {
    Map<String, List<Event>> lane = new LinkedHashMap<>();
    checks.forEach(check -> events(lane, check.identifier()).add(event(check)));
    lanes.add(lane);
  }

  /** Adds releases that were applied in this order, of what was held in checks added before. */
  void addReleases(List<Run.Released> releases) {
    Map<String, List<Event>> lane = new LinkedHashMap<>();
    for (Run.Released release : releases) {
      RowEvents.Answered held =
          answered.getOrDefault(release.identifier(), Map.of()).get(release.id());
      events(lane, release.identifier())
          .add(new RowEvents.Released(release, Objects.requireNonNull(held)));
    }
    lanes.add(lane);
  }

  /**
   * The checks and releases of each identifier, in an order that comes to what was seen.
   *
   * @param rowsLeft the rows that it comes to
   * @throws AssertionError if no order does
   */
  Map<String, List<Run.Step>> orders(Map<String, StoredLimit> rowsLeft) {
    Map<String, Map<String, StoredLimit>> rows = new LinkedHashMap<>();
    rowsLeft.forEach(
        (stateKey, row) ->
            rows.computeIfAbsent(Identifiers.identifierOf(stateKey), key -> new HashMap<>())
                .put(stateKey, row));
    Set<String> identifiers = new LinkedHashSet<>();
    lanes.forEach(lane -> identifiers.addAll(lane.keySet()));
    identifiers.addAll(rows.keySet());
    Map<String, List<Run.Step>> orders = new LinkedHashMap<>();
    for (String identifier : identifiers) {
      orders.put(
          identifier,
          Interleaving.order(
              identifier,
              lanes.stream().map(lane -> events(lane, identifier)).toList(),
              rows.getOrDefault(identifier, Map.of())));
    }
    return orders;
  }

  private Event event(Run.Checked checked) {
    if (checked.part().isEmpty()) {
      return new RowEvents.Decided(
          checked, Objects.requireNonNull(decisions.get(checked.requestId())));
    }
    Run.Part part = checked.part().get();
    RowEvents.Answered event =
        new RowEvents.Answered(
            checked, part.id(), bounds, Objects.requireNonNull(answers.get(part)).answer());
    answered.computeIfAbsent(checked.identifier(), key -> new HashMap<>()).put(part.id(), event);
    return event;
  }

  private static List<Event> events(Map<String, List<Event>> lane, String identifier) {
    return lane.computeIfAbsent(identifier, key -> new ArrayList<>());
  }
}
