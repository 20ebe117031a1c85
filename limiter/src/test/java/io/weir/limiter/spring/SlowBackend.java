package io.weir.limiter.spring;

import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.rule.Match;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A backend in memory that answers who does not want to wait later, if told to. */
final class SlowBackend extends ForwardingBackend {
  final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
  private volatile boolean holds;

  SlowBackend(InstantSource clock) {
    super(InMemoryBackend.builder().clock(clock).build());
  }

  void hold() {
    holds = true;
  }

  @Override
  public CompletionStage<Decision> judgeAsync(Match match, long cost) {
    return holds
        ? CompletableFuture.supplyAsync(() -> judge(match, cost), answers::add)
        : super.judgeAsync(match, cost);
  }

  @Override
  public void close() {
    // One for all applications of a test.
  }
}
