package io.weir.limiter.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Those who wait for tokens of a bucket, in arrival order; the tokens of all of them are taken from
 * it. Who starts, and who cannot any more, is decided here; whom that is told is for the {@link
 * TurnQueue}. Times are of {@link SteadyTime}. Not thread-safe.
 */
final class WaitingLine {
  private final String name;
  private final Bucket bucket;
  private final Set<Turn> waiting = new LinkedHashSet<>();
  private long waitingTokens;

  /** None of those who wait wants more. */
  private long mostTokens;

  /** Each of those who wait could start by so much later and not miss its deadline. */
  private long slackMillis = Long.MAX_VALUE;

  /** One who cannot start any more, and why. */
  record Refused(Turn turn, RuntimeException why) {}

  /**
   * A line in which nobody waits.
   *
   * @param name the limiter's, for messages
   */
  WaitingLine(String name, Bucket bucket) {
    this.name = name;
    this.bucket = bucket;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }

  /** Puts a turn at the end, and takes its tokens. */
  void add(long nowMillis, Turn turn, long waitMillis) {
    waiting.add(turn);
    owe(nowMillis, turn, nowMillis + waitMillis);
  }

  /** Gives back what was taken for one, if it waits. */
  void remove(long nowMillis, Turn turn) {
    if (waiting.remove(turn)) {
      waitingTokens -= turn.tokens;
      bucket.giveBack(nowMillis, turn.tokens);
      forgetIfEmpty();
    }
  }

  /** Gives back what was taken for all; those who waited. */
  List<Turn> clear(long nowMillis) {
    List<Turn> all = List.copyOf(waiting);
    bucket.giveBack(nowMillis, waitingTokens);
    waiting.clear();
    forgetIfEmpty();
    return all;
  }

  /**
   * The first one, if it starts now.
   *
   * @param refusals told of those who cannot start in time any more; they wait no longer
   */
  Optional<Turn> startNext(long nowMillis, Consumer<Refused> refusals) {
    while (!waiting.isEmpty() && firstWaitMillis(nowMillis) == 0) {
      Turn first = waiting.iterator().next();
      if (nowMillis <= first.deadlineMillis) {
        start(nowMillis, first, refusals);
        return Optional.of(first);
      }
      remove(nowMillis, first);
      refusals.accept(new Refused(first, tooLate(first, nowMillis)));
    }
    return Optional.empty();
  }

  private void start(long nowMillis, Turn first, Consumer<Refused> refusals) {
    waiting.remove(first);
    waitingTokens -= first.tokens;
    long lastWaitBefore = bucket.waitMillisOfTaken(nowMillis, 0);
    bucket.start(nowMillis, first.tokens, waitingTokens);
    noteDelay(nowMillis, lastWaitBefore, refusals);
    forgetIfEmpty();
  }

  /** Who starts late may put off all others, each by as much as the last one. */
  private void noteDelay(long nowMillis, long lastWaitBefore, Consumer<Refused> refusals) {
    long laterMillis = bucket.waitMillisOfTaken(nowMillis, 0) - lastWaitBefore;
    if (laterMillis > 0) {
      slackMillis -= laterMillis + 1;
      // Where all were late already, nobody counted by how much.
      if (slackMillis < 0 || lastWaitBefore == 0) {
        refuseLate(nowMillis, refusals);
      }
    }
  }

  private void refuseLate(long nowMillis, Consumer<Refused> refusals) {
    slackMillis = Long.MAX_VALUE;
    long takenAfterwards = waitingTokens;
    Iterator<Turn> turns = waiting.iterator();
    while (turns.hasNext()) {
      Turn turn = turns.next();
      takenAfterwards -= turn.tokens;
      long startMillis = nowMillis + bucket.waitMillisOfTaken(nowMillis, takenAfterwards);
      if (startMillis <= turn.deadlineMillis) {
        slackMillis = Math.min(slackMillis, turn.deadlineMillis - startMillis);
      } else {
        turns.remove();
        waitingTokens -= turn.tokens;
        bucket.giveBack(nowMillis, turn.tokens);
        refusals.accept(new Refused(turn, tooLate(turn, startMillis)));
      }
    }
  }

  /** How long the first one still has to wait; there must be one. */
  long firstWaitMillis(long nowMillis) {
    return bucket.waitMillisOfTaken(nowMillis, waitingTokens - waiting.iterator().next().tokens);
  }

  /**
   * Changes the bucket under those who wait, of whom nothing is owed meanwhile. Their tokens are
   * owed in one sum, so where nobody can miss its deadline by the change they need not be looked at
   * one by one: answers of a server may move the rate as often as there are calls.
   *
   * @return those who cannot start any more; they wait no longer
   */
  List<Refused> change(long nowMillis, Consumer<Bucket> change) {
    if (waiting.isEmpty()) {
      change.accept(bucket);
      return List.of();
    }
    long firstWait = firstWaitMillis(nowMillis);
    long lastWait = bucket.waitMillisOfTaken(nowMillis, 0);
    boolean isLinear = firstWait > bucket.pauseMillis(nowMillis);
    bucket.giveBack(nowMillis, waitingTokens);
    change.accept(bucket);
    boolean fit =
        isLinear
            && mostTokens <= bucket.limit().burst()
            && bucket.canOwe(nowMillis, waitingTokens)
            && allFit(nowMillis, firstWait, lastWait);
    return fit ? List.of() : requeueAll(nowMillis);
  }

  /**
   * Owes the tokens of all again, if nobody misses its deadline by that.
   *
   * <p>A wait is linear in the tokens that are ahead, before the change by condition and after it
   * but for those who need not wait any more: so nobody starts later by more than the first or the
   * last one does, up to the rounding.
   */
  private boolean allFit(long nowMillis, long firstWaitBefore, long lastWaitBefore) {
    bucket.owe(nowMillis, waitingTokens);
    long laterMillis =
        1
            + Math.max(
                firstWaitMillis(nowMillis) - firstWaitBefore,
                bucket.waitMillisOfTaken(nowMillis, 0) - lastWaitBefore);
    if (laterMillis > slackMillis) {
      bucket.giveBack(nowMillis, waitingTokens);
      return false;
    }
    slackMillis -= laterMillis;
    return true;
  }

  private List<Refused> requeueAll(long nowMillis) {
    forgetSums();
    List<Refused> refused = new ArrayList<>();
    Iterator<Turn> turns = waiting.iterator();
    while (turns.hasNext()) {
      Turn turn = turns.next();
      Optional<RuntimeException> why = refusal(nowMillis, turn);
      if (why.isPresent()) {
        turns.remove();
        refused.add(new Refused(turn, why.get()));
      } else {
        owe(nowMillis, turn, nowMillis + bucket.waitMillis(nowMillis, turn.tokens));
      }
    }
    return refused;
  }

  private Optional<RuntimeException> refusal(long nowMillis, Turn turn) {
    if (turn.tokens > bucket.limit().burst()) {
      return Optional.of(aboveBurst(turn.tokens));
    }
    long startMillis = nowMillis + bucket.waitMillis(nowMillis, turn.tokens);
    if (startMillis > turn.deadlineMillis) {
      return Optional.of(tooLate(turn, startMillis));
    }
    return bucket.canOweMore(nowMillis)
        ? Optional.empty()
        : Optional.of(new OutboundRejectedException(name, waiting.size()));
  }

  private RateLimitWaitException tooLate(Turn turn, long startMillis) {
    return new RateLimitWaitException(
        name,
        turn.tokens,
        Duration.ofMillis(startMillis - turn.sinceMillis),
        Duration.ofMillis(turn.deadlineMillis - turn.sinceMillis));
  }

  /** What is wrong with more tokens than the bucket can ever hold. */
  IllegalArgumentException aboveBurst(long tokens) {
    return new IllegalArgumentException(
        "tokens is "
            + tokens
            + "; it must be at most "
            + bucket.limit().burst()
            + ", the burst of '"
            + name
            + "'");
  }

  private void owe(long nowMillis, Turn turn, long startMillis) {
    bucket.owe(nowMillis, turn.tokens);
    waitingTokens += turn.tokens;
    mostTokens = Math.max(mostTokens, turn.tokens);
    slackMillis = Math.min(slackMillis, turn.deadlineMillis - startMillis);
  }

  private void forgetIfEmpty() {
    if (waiting.isEmpty()) {
      forgetSums();
    }
  }

  private void forgetSums() {
    waitingTokens = 0;
    mostTokens = 0;
    slackMillis = Long.MAX_VALUE;
  }
}
