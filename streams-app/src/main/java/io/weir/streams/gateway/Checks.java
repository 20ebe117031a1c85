package io.weir.streams.gateway;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.streams.query.ProblemException;
import io.weir.streams.query.Readiness;
import io.weir.streams.query.StateFailures;
import io.weir.streams.topology.DecidedRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the limiter, and tells of its decisions. Thread-safe; nobody waits, the futures do.
 *
 * @param readiness whether there are rules to judge by
 * @param limiter judges
 * @param reporter is told the decisions
 */
public record Checks(
    Readiness.Probe readiness, AsyncRateLimiter limiter, DecisionReporter reporter) {

  /**
   * Judges a request.
   *
   * @throws ProblemException if the gateway is not ready
   */
  public CompletableFuture<DecidedRequest> check(AskedRequest asked) {
    readiness.requireReady();
    return judge(asked);
  }

  /**
   * Judges several requests, each by itself. Whether the gateway is ready is asked once: a stop
   * must not come between those that were charged and an answer.
   *
   * @throws ProblemException if the gateway is not ready
   */
  public List<CompletableFuture<DecidedRequest>> checkAll(List<AskedRequest> asked) {
    readiness.requireReady();
    return asked.stream().map(this::judge).toList();
  }

  private CompletableFuture<DecidedRequest> judge(AskedRequest asked) {
    long startNanos = System.nanoTime();
    return decided(asked, startNanos, limiter.checkAsync(asked.request()));
  }

  /**
   * Gives back what a request took.
   *
   * @param chargedAtMillis the evaluation time of its decision, in milliseconds since the epoch
   * @return the future fails with a {@link ProblemException} where Redis does not answer
   * @throws ProblemException if the gateway is not ready
   */
  public CompletableFuture<DecidedRequest> refund(AskedRequest asked, long chargedAtMillis) {
    readiness.requireReady();
    long startNanos = System.nanoTime();
    return decided(asked, startNanos, limiter.refundAsync(asked.request(), chargedAtMillis));
  }

  /**
   * Forgets the identifiers of a request.
   *
   * @return the future fails with a {@link ProblemException} where Redis does not answer
   * @throws ProblemException if the gateway is not ready
   */
  public CompletableFuture<DecidedRequest> reset(AskedRequest asked) {
    readiness.requireReady();
    long startNanos = System.nanoTime();
    return decided(asked, startNanos, limiter.resetAsync(asked.request()));
  }

  private CompletableFuture<DecidedRequest> decided(
      AskedRequest asked, long startNanos, CompletionStage<Decision> stage) {
    return stage
        .handle(
            (decision, failure) -> {
              if (failure != null) {
                throw StateFailures.ofChange(failure);
              }
              DecidedRequest decided =
                  new DecidedRequest(asked.requestId(), asked.request().domain(), decision);
              reporter.decided(decided, startNanos);
              return decided;
            })
        .toCompletableFuture();
  }
}
