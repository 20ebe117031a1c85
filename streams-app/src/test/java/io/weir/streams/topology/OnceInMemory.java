package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.Once;
import io.weir.limiter.OnceBackend;
import io.weir.limiter.OnceDecision;
import io.weir.limiter.rule.Match;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Memory that remembers what it charged; tests exchange parts of it. */
class OnceInMemory implements OnceBackend {
  private final InMemoryBackend memory;
  private final Map<String, Decision> charged = new HashMap<>();

  OnceInMemory(InMemoryBackend memory) {
    this.memory = memory;
  }

  @Override
  public Decision judge(Match match, long cost) {
    return memory.judge(match, cost);
  }

  @Override
  public Decision refund(Match match, long cost, long chargedAtMillis) {
    return memory.refund(match, cost, chargedAtMillis);
  }

  @Override
  public Decision reset(Match match) {
    return memory.reset(match);
  }

  @Override
  public CompletionStage<OnceDecision> judgeOnceAsync(Match match, long cost, Once once) {
    return once(once, () -> memory.judge(match, cost), cost > 0);
  }

  @Override
  public CompletionStage<OnceDecision> refundOnceAsync(
      Match match, long cost, long chargedAtMillis, Once once) {
    return once(once, () -> memory.refund(match, cost, chargedAtMillis), true);
  }

  @Override
  public CompletionStage<OnceDecision> resetOnceAsync(Match match, Once once) {
    return once(once, () -> memory.reset(match), true);
  }

  private CompletionStage<OnceDecision> once(
      Once once, Supplier<Decision> action, boolean charges) {
    Decision before = charged.get(once.requestName());
    if (before != null) {
      return CompletableFuture.completedStage(new OnceDecision(before, true));
    }
    Decision decision = action.get();
    if (charges && decision.isAllowed()) {
      charged.put(once.requestName(), decision);
    }
    return CompletableFuture.completedStage(new OnceDecision(decision, false));
  }

  @Override
  public void close() {
    memory.close();
  }
}
