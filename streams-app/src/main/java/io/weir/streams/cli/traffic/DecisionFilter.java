package io.weir.streams.cli.traffic;

import io.weir.limiter.rule.Identifiers;
import io.weir.schemas.Decision;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which decisions somebody wants to see.
 *
 * @param identifier those that name this identifier, the only one or the first of several, or tell
 *     of a limit of it; of several, a decision without statuses tells of the first alone
 * @param requestId those on requests of this request_id
 */
record DecisionFilter(Optional<String> identifier, Optional<String> requestId)
    implements Predicate<Decision> {

  @Override
  public boolean test(Decision decision) {
    return identifier.map(it -> isAbout(decision, it)).orElse(true)
        && requestId.map(it -> it.equals(decision.getRequestId())).orElse(true);
  }

  private static boolean isAbout(Decision decision, String identifier) {
    String rows = Identifiers.rowPrefix(identifier);
    return identifier.equals(decision.getIdentifier())
        || decision.getStatuses().stream()
            .anyMatch(status -> status.getStateKey().startsWith(rows));
  }
}
