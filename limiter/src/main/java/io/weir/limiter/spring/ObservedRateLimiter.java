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
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A limiter that tells its decisions. A listener that throws changes none of them: it is logged,
 * the first time as a warning. Closing it closes nothing: the backend is a bean itself.
 */
final class ObservedRateLimiter implements RateLimiter, AsyncRateLimiter {
  private static final System.Logger LOG = System.getLogger(ObservedRateLimiter.class.getName());

  private final RuleBasedRateLimiter limiter;
  private final List<DecisionListener> listeners;
  private final AtomicBoolean warned = new AtomicBoolean();

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
    for (DecisionListener listener : listeners) {
      try {
        listener.onDecision(domain, decision);
      } catch (RuntimeException e) {
        LOG.log(
            warned.getAndSet(true) ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
            "A listener of decisions failed: " + listener + ". The decision stands.",
            e);
      }
    }
    return decision;
  }

  private DescriptorsDecision told(DescriptorsRequest request, DescriptorsDecision decision) {
    var unused = told(request.domain(), decision.decision());
    return decision;
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "ObservedRateLimiter[" + limiter + "]";
  }
}
