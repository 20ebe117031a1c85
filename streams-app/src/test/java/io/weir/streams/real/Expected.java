package io.weir.streams.real;

import io.weir.limiter.Check;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the rules make of requests, matched once more. */
final class Expected {
  private final Map<Long, RuleSet> rules;

  /** By rules that are never changed. */
  Expected(RuleSet rules) {
    this(Map.of(0L, rules));
  }

  /** By the rules of each revision; those of a revision that is not there are none. */
  Expected(Map<Long, RuleSet> rules) {
    this.rules = Map.copyOf(rules);
  }

  boolean isOfOneRevision() {
    return rules.size() == 1;
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
    Match match =
        rules
            .getOrDefault(revision, RuleSet.empty())
            .match(event.getDomain(), event.getAttributes());
    int count = match.identifiers().size();
    List<Run.Checked> checks = new ArrayList<>(count);
    for (Match.IdentifierLimits limits : match.identifiers()) {
      Check check =
          new Check(
              limits.identifier(),
              limits.limits(),
              event.getOperation() == Operation.PEEK ? 0 : event.getCost(),
              request.timestampMillis(),
              0,
              match.revision());
      checks.add(new Run.Checked(event.getRequestId(), part(request, checks.size(), count), check));
    }
    return checks;
  }

  private static Optional<Run.Part> part(Run.Asked request, int index, int count) {
    return count == 1 ? Optional.empty() : Optional.of(new Run.Part(request.id(), index, count));
  }
}
