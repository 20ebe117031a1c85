package io.weir.limiter;

import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds the limits that apply to a request and lets a backend judge them. Thread-safe if the
 * supplier is.
 */
public final class RuleBasedRateLimiter implements RateLimiter, AsyncRateLimiter {
  private final Supplier<RuleSet> rules;
  private final LimitBackend backend;
  private final InstantSource clock;
  private final Function<Match, Optional<String>> refusal;
  private volatile boolean closed;

  /**
   * A limiter over a backend.
   *
   * @param rules the rules in force, asked for at each request, so that they can change
   * @param backend where the state lives; closed with the limiter
   * @param clock the time of decisions in which no limit had a say
   */
  public RuleBasedRateLimiter(Supplier<RuleSet> rules, LimitBackend backend, InstantSource clock) {
    this(rules, backend, clock, match -> Optional.empty());
  }

  /**
   * A limiter over a backend that does not judge everything.
   *
   * @param refusal why a request to which these limits apply is answered {@link
   *     Reason#INVALID_REQUEST}; empty where it is judged
   */
  public RuleBasedRateLimiter(
      Supplier<RuleSet> rules,
      LimitBackend backend,
      InstantSource clock,
      Function<Match, Optional<String>> refusal) {
    this.rules = rules;
    this.backend = backend;
    this.clock = clock;
    this.refusal = refusal;
  }

  @Override
  public Decision check(Request request) {
    return ask(
        request,
        RuleSet::match,
        decision -> decision,
        match -> backend.judge(match.withMaxDelay(request.maxDelayMillis()), request.cost()));
  }

  @Override
  public DescriptorsDecision checkDescriptors(DescriptorsRequest request) {
    return ask(
        request,
        decision -> decision,
        (all, each) -> DescriptorsDecision.of(backend.judge(all, 0), each));
  }

  @Override
  public Decision refund(Request request, long chargedAtMillis) {
    Corrections.requireRefundable(request.cost(), chargedAtMillis);
    return ask(
        request,
        RuleSet::match,
        decision -> decision,
        match -> backend.refund(match, request.cost(), chargedAtMillis));
  }

  @Override
  public Decision reset(Request request) {
    return ask(request, RuleSet::matchIdentifiers, decision -> decision, backend::reset);
  }

  @Override
  public CompletionStage<Decision> checkAsync(Request request) {
    return ask(
        request,
        RuleSet::match,
        CompletableFuture::completedStage,
        match -> backend.judgeAsync(match.withMaxDelay(request.maxDelayMillis()), request.cost()));
  }

  @Override
  public CompletionStage<DescriptorsDecision> checkDescriptorsAsync(DescriptorsRequest request) {
    return ask(
        request,
        CompletableFuture::completedStage,
        (all, each) ->
            backend
                .judgeAsync(all, 0)
                .thenApply(decision -> DescriptorsDecision.of(decision, each)));
  }

  @Override
  public CompletionStage<Decision> refundAsync(Request request, long chargedAtMillis) {
    Corrections.requireRefundable(request.cost(), chargedAtMillis);
    return ask(
        request,
        RuleSet::match,
        CompletableFuture::completedStage,
        match -> backend.refundAsync(match, request.cost(), chargedAtMillis));
  }

  @Override
  public CompletionStage<Decision> resetAsync(Request request) {
    return ask(
        request, RuleSet::matchIdentifiers, CompletableFuture::completedStage, backend::resetAsync);
  }

  /** How rules are found for a request. */
  private interface Matcher {
    Match match(RuleSet rules, String domain, Map<String, String> attributes, boolean shortKeys);
  }

  /**
   * What the backend answers, if there is anything to ask it.
   *
   * @param known makes an answer of a decision that nothing has to be asked for
   */
  private <T> T ask(
      Request request,
      Matcher matcher,
      Function<Decision, T> known,
      Function<Match, T> askBackend) {
    requireOpen();
    try {
      Match match =
          matcher.match(rules.get(), request.domain(), request.attributes(), request.shortKeys());
      if (match.identifiers().isEmpty()) {
        return known.apply(Decision.withoutLimits(match, clock.millis()));
      }
      Optional<String> refused = refusal.apply(match);
      return refused.isPresent() ? known.apply(invalid(refused.get())) : askBackend.apply(match);
    } catch (IdentifierException e) {
      return known.apply(invalid(String.valueOf(e.getMessage())));
    }
  }

  /**
   * As above, where the descriptors are spelt out.
   *
   * @param askBackend takes what applies to all of them, and to each
   */
  private <T> T ask(
      DescriptorsRequest request,
      Function<DescriptorsDecision, T> known,
      BiFunction<Match, List<Match>, T> askBackend) {
    requireOpen();
    try {
      List<Match> each = rules.get().matchDescriptors(request.domain(), request.descriptors());
      Match all = Match.joined(each);
      if (all.identifiers().isEmpty()) {
        return known.apply(
            DescriptorsDecision.of(Decision.withoutLimits(all, clock.millis()), each));
      }
      Optional<String> refused = refusal.apply(all);
      return refused.isPresent()
          ? known.apply(new DescriptorsDecision(invalid(refused.get()), List.of()))
          : askBackend.apply(all, each);
    } catch (IdentifierException e) {
      return known.apply(
          new DescriptorsDecision(invalid(String.valueOf(e.getMessage())), List.of()));
    }
  }

  private Decision invalid(String why) {
    long nowMillis = clock.millis();
    return Decision.invalid(why, nowMillis, nowMillis);
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

  @Override
  public String toString() {
    return "RuleBasedRateLimiter[" + backend + (closed ? ", closed]" : "]");
  }
}
