package io.weir.streams.real;

import io.weir.limiter.Decision;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the rules make of requests, matched once more. */
final class Expected {
  private final Map<Long, RuleSet> rules;

  /** By rules that are never changed. */
  Expected(RuleSet rules) {
    this(Map.of(0L, rules));
  }

  /**
   * By the rules of each revision; those of a revision that is not there are none.
   *
   * @param rules in the order in which they were in force
   */
  Expected(Map<Long, RuleSet> rules) {
    this.rules = new LinkedHashMap<>(rules);
  }

  /** All of them, in the order in which they were in force. */
  List<Long> revisions() {
    return List.copyOf(rules.keySet());
  }

  /** The checks of a request, in rule order; none where it is answered without a look at limits. */
  List<Run.Checked> checks(Run.Asked request) {
    return checks(request, 0);
  }

  /** The checks of a request that was matched by the rules of a revision. */
  List<Run.Checked> checks(Run.Asked request, long revision) {
    RequestEvent event = request.event();
    if (event.getCost() < 0) {
      return List.of(); // Invalid.
    }
    Match match = match(event, revision);
    int count = match.identifiers().size();
    List<Run.Checked> checks = new ArrayList<>(count);
    for (Match.IdentifierLimits limits : match.identifiers()) {
      checks.add(
          new Run.Checked(
              event.getRequestId(),
              part(request, checks.size(), count),
              task(event),
              limits.identifier(),
              limits.limits(),
              request.timestampMillis(),
              match.revision()));
    }
    return checks;
  }

  /** The decision on a request that no limit applies to by the rules of a revision. */
  Decision withoutLimits(Run.Asked request, long revision) {
    return Decision.withoutLimits(match(request.event(), revision), request.timestampMillis());
  }

  private Match match(RequestEvent event, long revision) {
    RuleSet inForce = rules.getOrDefault(revision, RuleSet.empty());
    return event.getOperation() == Operation.RESET
        ? inForce.matchIdentifiers(event.getDomain(), event.getAttributes())
        : inForce.match(event.getDomain(), event.getAttributes());
  }

  private static Run.Task task(RequestEvent event) {
    return switch (event.getOperation()) {
      case CHECK -> new Run.Task.Charge(event.getCost());
      case PEEK -> new Run.Task.Charge(0);
      case REFUND ->
          new Run.Task.Refund(
              event.getCost(), Objects.requireNonNull(event.getChargedAt()).toEpochMilli());
      case RESET -> new Run.Task.Reset();
      case UNKNOWN -> throw new IllegalArgumentException("no test asks for " + event);
    };
  }

  private static Optional<Run.Part> part(Run.Asked request, int index, int count) {
    return count == 1 ? Optional.empty() : Optional.of(new Run.Part(request.id(), index, count));
  }
}
