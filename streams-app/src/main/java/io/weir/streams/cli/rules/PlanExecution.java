package io.weir.streams.cli.rules;

import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.Warnings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Does what plans say, and keeps what became of each. Used once, by one thread. */
final class PlanExecution {
  private final RulesTopic topic;
  private final Patience patience;
  private final List<DomainPlan> plans;
  private final Map<String, Long> written = new HashMap<>();
  private final Map<String, PlanRace> races = new HashMap<>();

  PlanExecution(RulesTopic topic, Patience patience, List<DomainPlan> plans) {
    this.topic = topic;
    this.patience = patience;
    this.plans = plans;
  }

  /**
   * Writes the records of the plans that there is something to do of, and prints what became of
   * each.
   *
   * @param records the record of each of those domains; empty deletes its rules
   * @throws CommandFailure if one cannot be written; what was written before it stays
   */
  void run(
      SortedMap<String, Optional<io.weir.schemas.DomainRules>> records,
      PlanText text,
      PrintWriter err) {
    Map<String, DomainPlan> byDomain = new HashMap<>();
    plans.forEach(plan -> byDomain.put(plan.domain(), plan));
    try {
      patience.run(
          () ->
              topic.write(
                  records,
                  (domain, offset) -> {
                    written.put(domain, offset);
                    Optional.ofNullable(byDomain.get(domain))
                        .ifPresent(plan -> text.written(plan, offset));
                  }));
    } finally {
      records.keySet().stream()
          .filter(domain -> !written.containsKey(domain))
          .forEach(text::notConfirmed);
    }
    Warnings.print(err, findRaces());
    text.applied(plans);
  }

  /** Looks who else wrote, and says so in a sentence each. */
  private List<String> findRaces() {
    Map<String, SortedSet<Long>> offsets;
    try {
      offsets = patience.during(() -> topic.offsets(written.keySet()));
    } catch (CommandFailure e) {
      // The rules are written; that nobody can look after them does not make that fail.
      return List.of(
          "nobody could look whether someone else wrote rules at the same time: " + e.getMessage());
    }
    List<String> sentences = new ArrayList<>();
    for (DomainPlan plan : plans) {
      Optional<Long> own = Optional.ofNullable(written.get(plan.domain()));
      if (own.isPresent()) {
        SortedSet<Long> all = offsets.getOrDefault(plan.domain(), Collections.emptySortedSet());
        PlanRace race = PlanRace.of(plan.newestOffset(), own.get(), all);
        races.put(plan.domain(), race);
        sentences.addAll(race.sentences(plan, own.get()));
      }
    }
    return sentences;
  }

  /** What became of each plan. */
  List<PlanJson.Domain> results() {
    return plans.stream()
        .map(
            plan ->
                PlanJson.of(
                    plan,
                    Optional.ofNullable(written.get(plan.domain())),
                    Optional.ofNullable(races.get(plan.domain()))
                        .map(PlanRace::meanwhile)
                        .orElse(List.of())))
        .toList();
  }
}
