package io.weir.streams.topology;

import io.weir.limiter.BackendUnavailableException;
import io.weir.limiter.Decision;
import io.weir.limiter.Once;
import io.weir.limiter.OnceBackend;
import io.weir.limiter.OnceDecision;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
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
 * its identifiers, and nobody waits for the answer to one check before the next is asked: what is
 * decided is sent in the order of the requests, as it comes. A refund or a reset is asked for
 * alone, so that those behind it see what it gave. Before a commit all that were asked for are
 * waited for, which is never longer than the backend's timeout. For the task's thread.
 *
 * <p>What was done stays done where the commit fails, and is done again when the request is read
 * again: unless requests are known by their names for a while ({@code duplicates.horizon}).
 */
final class JudgeInSharedState implements CheckTaker {
  /** How soon a decision is sent when no request comes after it. */
  private static final Duration LOOK = Duration.ofMillis(2);

  /** Decided or not, they wait for those before them. */
  private static final int MOST_WAITING = 4_096;

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

  /** A judge for a task; {@link #sendAll} is to be called before each commit. */
  JudgeInSharedState(
      ProcessorContext<byte[], byte[]> context,
      DecisionSender decisions,
      SharedState state,
      TopologySettings settings) {
    this.context = context;
    this.decisions = decisions;
    this.state = state;
    this.horizon = settings.duplicates().map(bounds -> bounds.horizon());
  }

  @Override
  public void take(List<RequestCheck> checks, long timestampMillis) throws InvalidRecordException {
    while (!waiting.isEmpty() && (state.isBusy() || waiting.size() >= MOST_WAITING)) {
      sendFirst();
    }
    boolean isAlone = !(checks.get(0).task() instanceof CheckTask.Charge);
    if (isAlone) {
      sendAll();
    }
    ask(checks, timestampMillis);
    if (isAlone) {
      sendAll();
    } else {
      sendDecided();
    }
  }

  private void ask(List<RequestCheck> checks, long timestampMillis) throws InvalidRecordException {
    List<IdentifierLimits> identifiers =
        checks.stream()
            .map(check -> new IdentifierLimits(check.identifierText(), check.limits()))
            .toList();
    RequestCheck first = checks.get(0);
    Match match = new Match(identifiers, true, first.rulesRevision());
    try {
      waiting.add(new Waiting(first, match, timestampMillis, state.underWay(ask(first, match))));
    } catch (IdentifierException e) {
      // Which the state cannot be asked for, though the stream could judge it.
      throw new InvalidRecordException(Problem.LIMITS, String.valueOf(e.getMessage()));
    }
  }

  private CompletionStage<OnceDecision> ask(RequestCheck check, Match match) {
    OnceBackend backend = state.backend();
    CheckTask task = check.task();
    Optional<Once> once =
        horizon
            .filter(time -> RequestKey.hasDuplicates(task))
            .map(time -> once(check, match, time));
    CompletionStage<Decision> decision;
    if (task instanceof CheckTask.Reset) {
      if (once.isPresent()) {
        return backend.resetOnceAsync(match, once.get());
      }
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

  /** Waits for all that was asked for, and sends it. */
  void sendAll() {
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
    Waiting first = waiting.element();
    OnceDecision decided = decision(first);
    decisions.send(
        first.check().requestId(),
        first.check().domain(),
        decided.decision().requestedAt(first.timestampMillis()),
        decided.repeated(),
        first.timestampMillis());
    // Only now: what could not be sent is not passed over.
    waiting.remove();
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
                unavailable.messageOfChange(),
                request.timestampMillis());
        return new OnceDecision(unjudged, false);
      }
      throw e;
    }
  }

  /** What is not sent by now is read again. */
  @Override
  public void close() {
    waiting.clear();
    endLooks();
  }
}
