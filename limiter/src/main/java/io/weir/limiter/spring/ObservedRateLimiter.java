package io.weir.limiter.spring;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A limiter that tells its decisions. Closing it closes nothing: the backend is a bean itself. */
final class ObservedRateLimiter implements RateLimiter, AsyncRateLimiter {
  private final RuleBasedRateLimiter limiter;
  private final List<DecisionListener> listeners;

  ObservedRateLimiter(RuleBasedRateLimiter limiter, List<DecisionListener> listeners) {
    this.limiter = limiter;
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public Decision check(Request request) {
    return told(request.domain(), limiter.check(request));
  }

  @Override
  public DescriptorsDecision checkDescriptors(DescriptorsRequest request) {
    return told(request, limiter.checkDescriptors(request));
  }

  @Override
  public Decision refund(Request request, long chargedAtMillis) {
    return limiter.refund(request, chargedAtMillis);
  }

  @Override
  public Decision reset(Request request) {
    return limiter.reset(request);
  }

  @Override
  public CompletionStage<Decision> checkAsync(Request request) {
    return limiter.checkAsync(request).thenApply(decision -> told(request.domain(), decision));
  }

  @Override
  public CompletionStage<DescriptorsDecision> checkDescriptorsAsync(DescriptorsRequest request) {
    return limiter.checkDescriptorsAsync(request).thenApply(decision -> told(request, decision));
  }

  @Override
  public CompletionStage<Decision> refundAsync(Request request, long chargedAtMillis) {
    return limiter.refundAsync(request, chargedAtMillis);
  }

  @Override
  public CompletionStage<Decision> resetAsync(Request request) {
    return limiter.resetAsync(request);
  }

  private Decision told(String domain, Decision decision) {
    listeners.forEach(listener -> listener.onDecision(domain, decision));
    return decision;
  }

  private DescriptorsDecision told(DescriptorsRequest request, DescriptorsDecision decision) {
    var unused = told(request.domain(), decision.decision());
    return decision;
  }

  @Override
  public void close() {}
}
