package io.weir.limiter;

import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds the limits that apply to a request and lets a backend judge them. Thread-safe if the
 * supplier is.
 */
public final class RuleBasedRateLimiter implements RateLimiter {
  private final Supplier<RuleSet> rules;
  private final LimitBackend backend;
  private final InstantSource clock;
  private volatile boolean closed;

  /**
   * A limiter over a backend.
   *
   * @param rules the rules in force, asked for at each request, so that they can change
   * @param backend where the state lives; closed with the limiter
   * @param clock the time of decisions in which no limit had a say
   */
  public RuleBasedRateLimiter(Supplier<RuleSet> rules, LimitBackend backend, InstantSource clock) {
    this.rules = rules;
    this.backend = backend;
    this.clock = clock;
  }

  @Override
  public Decision check(Request request) {
    requireOpen();
    return ask(request, RuleSet::match, match -> backend.judge(match, request.cost()));
  }

  @Override
  public Decision refund(Request request, long chargedAtMillis) {
    requireOpen();
    Corrections.requireRefundable(request.cost(), chargedAtMillis);
    return ask(
        request, RuleSet::match, match -> backend.refund(match, request.cost(), chargedAtMillis));
  }

  @Override
  public Decision reset(Request request) {
    requireOpen();
    return ask(request, RuleSet::matchIdentifiers, backend::reset);
  }

  /** How rules are found for a request. */
  private interface Matcher {
    Match match(RuleSet rules, String domain, Map<String, String> attributes);
  }

  /** What the backend answers, if there is anything to ask it. */
  private Decision ask(Request request, Matcher matcher, Function<Match, Decision> backend) {
    Match match;
    try {
      match = matcher.match(rules.get(), request.domain(), request.attributes());
    } catch (IdentifierException e) {
      long nowMillis = clock.millis();
      return Decision.invalid(String.valueOf(e.getMessage()), nowMillis, nowMillis);
    }
    return match.identifiers().isEmpty()
        ? Decision.withoutLimits(match, clock.millis())
        : backend.apply(match);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the limiter is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    backend.close();
  }
}
