package io.weir.streams.gateway.envoy;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorStatus;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.Match;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** A limiter that answers when it is told to, or as it is told to. */
final class HeldLimiter implements AsyncRateLimiter {
  private final Queue<CompletableFuture<DescriptorsDecision>> held = new ConcurrentLinkedQueue<>();
  private volatile Function<DescriptorsRequest, CompletionStage<DescriptorsDecision>> answer =
      this::hold;

  private CompletionStage<DescriptorsDecision> hold(DescriptorsRequest request) {
    CompletableFuture<DescriptorsDecision> stage = new CompletableFuture<>();
    held.add(stage);
    return stage;
  }

  void answerWith(Function<DescriptorsRequest, CompletionStage<DescriptorsDecision>> newAnswer) {
    answer = newAnswer;
  }

  /** How many wait for an answer. */
  int waiting() {
    return held.size();
  }

  /** Allows all that wait, of one descriptor each. */
  void release() {
    while (!held.isEmpty()) {
      held.remove().complete(allowed(1));
    }
  }

  /** What no rule limits. */
  static DescriptorsDecision allowed(int descriptors) {
    return new DescriptorsDecision(
        Decision.withoutLimits(new Match(List.of(), false, 0), OpenDoor.START),
        Collections.nCopies(
            descriptors, new DescriptorStatus(Verdict.ALLOW, Reason.NO_RULE, List.of())));
  }

  @Override
  public CompletionStage<DescriptorsDecision> checkDescriptorsAsync(DescriptorsRequest request) {
    return answer.apply(request);
  }

  @Override
  public CompletionStage<Decision> checkAsync(Request request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Decision> refundAsync(Request request, long chargedAtMillis) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Decision> resetAsync(Request request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
