package io.weir.streams.cli.traffic;

import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.rules.RulesTopic;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.util.Optional;
import java.util.function.Function;

/**
 * The record keys of requests. Where the application expects its input keyed by identifier, that is
 * the identifier by which the rules in force limit the request, or which it resets; otherwise there
 * are none.
 */
record RequestKeys(RuleSet rules) implements Function<RequestEvent, Optional<String>> {

  /** Keys as the settings want them; reads the rules from their topic if need be. */
  static Function<RequestEvent, Optional<String>> of(Settings settings) {
    return settings.get(WeirSettings.INPUT_KEYED)
        ? new RequestKeys(new RulesTopic(settings).read().inForce())
        : request -> Optional.empty();
  }

  /** Empty too where the request concerns no identifier, or the application will refuse it. */
  @Override
  public Optional<String> apply(RequestEvent request) {
    try {
      return match(request).identifiers().stream()
          .findFirst()
          .map(Match.IdentifierLimits::identifier);
    } catch (IdentifierException e) {
      return Optional.empty();
    }
  }

  private Match match(RequestEvent request) {
    return request.getOperation() == Operation.RESET
        ? rules.matchIdentifiers(request.getDomain(), request.getAttributes())
        : rules.match(request.getDomain(), request.getAttributes());
  }
}
