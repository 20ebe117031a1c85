package io.weir.streams.topology;

import io.weir.limiter.BackendUnavailableException;
import io.weir.limiter.Decision;
import io.weir.limiter.Once;
import io.weir.limiter.OnceBackend;
import io.weir.limiter.OnceDecision;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import io.weir.streams.store.BeforeCommit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Judges requests by state that others share. All limits of a request are judged at once, whatever
 * its identifiers, and nobody waits for the answer to one before the next is asked: decisions are
 * sent in the order of the requests, as they come. Before a commit all that were asked for are
 * waited for, which is never longer than the backend's timeout. For the task's thread.
 *
 * <p>What was charged stays charged where the commit fails, and is charged again when the request
 * is read again: unless requests are known by their names for a while ({@code duplicates.horizon}).
 */
final class JudgeInSharedState implements CheckTaker {
  /** How soon a decision is sent when no request comes after it. */
  private static final Duration LOOK = Duration.ofMillis(2);

  private final ProcessorContext<byte[], byte[]> context;
  private final DecisionSender decisions;
  private final SharedState state;
  private final Optional<Duration> horizon;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private @Nullable Cancellable looks;

  /**
   * A request that was asked for.
   *
   * @param check that of its first identifier
   * @param match the limits that it is judged by
   */
  private record Waiting(
      RequestCheck check,
      Match match,
      long timestampMillis,
      CompletableFuture<OnceDecision> decision) {}

  /** A judge for a task, while its processor is initialised. */
  JudgeInSharedState(
      ProcessorContext<byte[], byte[]> context,
      DecisionSender decisions,
      SharedState state,
      TopologySettings settings) {
    this.context = context;
    this.decisions = decisions;
    this.state = state;
    this.horizon = settings.duplicates().map(bounds -> bounds.horizon());
    BeforeCommit beforeCommit = context.getStateStore(TopologyNames.BEFORE_COMMIT_STORE);
    beforeCommit.run(context, this::sendAll);
  }

  @Override
  public void take(List<RequestCheck> checks, long timestampMillis) {
    while (state.isBusy() && !waiting.isEmpty()) {
      sendFirst();
    }
    List<IdentifierLimits> identifiers =
        checks.stream()
            .map(check -> new IdentifierLimits(check.identifierText(), check.limits()))
            .toList();
    RequestCheck first = checks.get(0);
    Match match = new Match(identifiers, true, first.rulesRevision());
    waiting.add(
        new Waiting(first, match, timestampMillis, ask(first, match).toCompletableFuture()));
    state.addWaiting(1);
    sendDecided();
  }

  private CompletionStage<OnceDecision> ask(RequestCheck check, Match match) {
    OnceBackend backend = state.backend();
    CheckTask task = check.task();
    Optional<Once> once = horizon.map(time -> once(check, match, time));
    CompletionStage<Decision> decision;
    if (task instanceof CheckTask.Reset) {
      decision = backend.resetAsync(match);
    } else if (task instanceof CheckTask.Refund refund) {
      if (once.isPresent()) {
        return backend.refundOnceAsync(match, refund.cost(), refund.chargedAtMillis(), once.get());
      }
      decision = backend.refundAsync(match, refund.cost(), refund.chargedAtMillis());
    } else {
      if (once.isPresent()) {
        return backend.judgeOnceAsync(match, CheckTasks.cost(task), once.get());
      }
      decision = backend.judgeAsync(match, CheckTasks.cost(task));
    }
    return decision.thenApply(only -> new OnceDecision(only, false));
  }

  private static Once once(RequestCheck check, Match match, Duration horizon) {
    List<KeyText> identifiers =
        match.identifiers().stream().map(IdentifierLimits::identifierText).toList();
    return new Once(RequestKey.of(check.task(), check.requestId(), identifiers), horizon);
  }

  /** Sends what is decided, up to the first that is not; it is looked for until all are. */
  private void sendDecided() {
    while (!waiting.isEmpty() && waiting.element().decision().isDone()) {
      sendFirst();
    }
    if (waiting.isEmpty()) {
      endLooks();
    } else if (looks == null) {
      looks = context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, time -> sendDecided());
    }
  }

  private void sendAll() {
    while (!waiting.isEmpty()) {
      sendFirst();
    }
    endLooks();
  }

  private void endLooks() {
    if (looks != null) {
      looks.cancel();
      looks = null;
    }
  }

  private void sendFirst() {
    Waiting first = waiting.remove();
    state.addWaiting(-1);
    OnceDecision decided = decision(first);
    decisions.send(
        first.check().requestId(),
        first.check().domain(),
        decided.decision().requestedAt(first.timestampMillis()),
        decided.repeated(),
        first.timestampMillis());
  }

  /** Where it is not known whether a correction was made, that is what is said. */
  private static OnceDecision decision(Waiting request) {
    try {
      return request.decision().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof BackendUnavailableException unavailable) {
        Decision unjudged =
            Decision.unjudged(
                request.match(),
                Verdict.DENY,
                unavailable.getMessage() + "; it may have been carried out",
                request.timestampMillis());
        return new OnceDecision(unjudged, false);
      }
      throw e;
    }
  }

  /** What was asked for is not sent: it is read again. */
  @Override
  public void close() {
    state.addWaiting(-waiting.size());
    waiting.clear();
    endLooks();
  }
}
