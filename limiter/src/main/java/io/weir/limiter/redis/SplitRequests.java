package io.weir.limiter.redis;

import io.weir.limiter.Answer;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Reason;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Requests whose identifiers are in several slots, which no one call can ask for. As in the stream,
 * each identifier holds what it admits, the decision is made of all answers, and what is held for a
 * denied request is given back. So no identifier ever admits more than its limits; until what is
 * held is given back, others may be denied for it, and two requests that each want the last token
 * of both may deny each other. What nobody gives back, as its process died, is taken for good.
 *
 * <p>To hold, rows are read and then exchanged, which fails where another request was quicker. So
 * an identifier that many requests share is asked last, when all others admit: then nothing need be
 * held of it, and the script judges it at once. Thread-safe.
 */
final class SplitRequests {
  /** Longer than any request can be under way. */
  private static final HoldBounds BOUNDS = new HoldBounds(60_000, 1_000);

  private final Conversations conversations;
  private final ScriptRowCodec codec;
  private final Judge judge;
  private final Contention contention;

  SplitRequests(
      Conversations conversations, ScriptRowCodec codec, Judge judge, Contention contention) {
    this.conversations = conversations;
    this.codec = codec;
    this.judge = judge;
    this.contention = contention;
  }

  CompletableFuture<Decision> judge(Match match, long cost) {
    long endNanos = System.nanoTime() + conversations.timeout().toNanos();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HoldId id = new HoldId(random.nextLong(), random.nextLong());
    List<Match> parts = parts(match);
    // Who takes nothing changes nothing.
    Optional<Match> last = cost == 0 ? Optional.empty() : mostContended(parts);
    List<Match> first = new ArrayList<>(parts);
    last.ifPresent(first::remove);
    // All of them before the first is begun: what cannot be asked must hold nothing.
    List<RowsDialogue<Answer>> holds = new ArrayList<>();
    for (Match part : first) {
      holds.add(RowsDialogue.hold(codec, judge, part, cost, id, BOUNDS));
    }
    Optional<Taking> taking = last.map(part -> taking(part, cost));
    CompletableFuture<Decision> result = conversations.inTime();
    CompletableFuture<List<Answer>> answered =
        taking
            .map(each -> hold(first, holds).thenCompose(held -> take(each, held, parts, result)))
            .orElseGet(() -> hold(first, holds));
    var unused =
        answered.whenComplete(
            (answers, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
                // Some may hold all the same.
                var unusedToo = release(first, id);
                return;
              }
              Decision decision = judge.decide(answers, match.revision(), timeMillis(answers));
              List<Match> holding = holding(parts, answers);
              last.ifPresent(holding::remove);
              end(holding, id, decision, result, endNanos);
            });
    return result;
  }

  /**
   * The part that others change at the same moment, more than any other. Quotas speak for those of
   * other identifiers as well, so one that has some cannot be asked by itself.
   */
  private Optional<Match> mostContended(List<Match> parts) {
    Match most = null;
    int heat = 0;
    for (Match part : parts) {
      IdentifierLimits limits = part.identifiers().get(0);
      int own = contention.heat(limits.identifierText());
      if (own > heat && limits.limits().stream().allMatch(each -> each.mode() != LimitMode.QUOTA)) {
        most = part;
        heat = own;
      }
    }
    return Optional.ofNullable(most);
  }

  /**
   * How the last part is asked.
   *
   * @param check where all others admit: then it has the last word
   * @param look where the request is denied already, and only wants to know how it stands
   */
  private record Taking(Match part, RowsDialogue<Decision> check, Dialogue<Answer> look) {}

  private Taking taking(Match part, long cost) {
    return new Taking(
        part,
        RowsDialogue.check(codec, judge, part, cost),
        RowsDialogue.look(codec, judge, part, cost));
  }

  private CompletableFuture<List<Answer>> take(
      Taking taking, List<Answer> held, List<Match> parts, CompletableFuture<Decision> result) {
    if (result.isDone()) {
      // Too late: nobody waits for it any more.
      return CompletableFuture.failedFuture(new CancellationException());
    }
    KeyText identifier = identifier(taking.part());
    boolean admitted = judge.decide(held, taking.part().revision(), timeMillis(held)).isAllowed();
    CompletableFuture<Answer> answer =
        admitted
            ? taken(identifier, taking.check(), result)
                .thenApply(decision -> Answer.holdingNothing(identifier, decision))
            : conversations.begin(taking.look());
    return answer.thenApply(last -> inserted(held, parts.indexOf(taking.part()), last));
  }

  /** Not sent any more once nobody waits for the result: it would be taken for nothing. */
  private CompletableFuture<Decision> taken(
      KeyText identifier, RowsDialogue<Decision> check, CompletableFuture<Decision> result) {
    CompletableFuture<Decision> begun = conversations.begin(check);
    var unused = result.whenComplete((decision, failure) -> begun.cancel(false));
    return observed(identifier, check, begun);
  }

  private static List<Answer> inserted(List<Answer> answers, int index, Answer answer) {
    List<Answer> all = new ArrayList<>(answers);
    all.add(index, answer);
    return all;
  }

  private CompletableFuture<List<Answer>> hold(
      List<Match> parts, List<RowsDialogue<Answer>> holds) {
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < holds.size(); i++) {
      RowsDialogue<Answer> hold = holds.get(i);
      answers.add(observed(identifier(parts.get(i)), hold, conversations.begin(hold)));
    }
    return all(answers);
  }

  private <T> CompletableFuture<T> observed(
      KeyText identifier, RowsDialogue<T> dialogue, CompletableFuture<T> begun) {
    return begun.whenComplete(
        (result, failure) -> contention.observe(identifier, dialogue.losses()));
  }

  private static KeyText identifier(Match part) {
    return part.identifiers().get(0).identifierText();
  }

  private static List<Match> holding(List<Match> parts, List<Answer> answers) {
    List<Match> holding = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (!answers.get(i).heldKeys().isEmpty()) {
        holding.add(parts.get(i));
      }
    }
    return holding;
  }

  /** A denial waits until what is held is given back, while there is time. */
  private void end(
      List<Match> holding,
      HoldId id,
      Decision decision,
      CompletableFuture<Decision> result,
      long endNanos) {
    if (decision.isAllowed()) {
      if (!result.complete(decision)) {
        // Too late: the caller has another answer.
        var unused = release(holding, id);
        return;
      }
      for (Match part : holding) {
        var unused = conversations.begin(RowsDialogue.settle(codec, part, id));
      }
      return;
    }
    var unused = release(holding, id).whenComplete((done, failure) -> result.complete(decision));
    var unusedToo =
        result.completeOnTimeout(decision, endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /** What fails here is taken for good. */
  private CompletableFuture<Void> release(List<Match> parts, HoldId id) {
    return CompletableFuture.allOf(
        parts.stream()
            .map(part -> conversations.begin(RowsDialogue.release(codec, part, id)))
            .toArray(CompletableFuture<?>[]::new));
  }

  CompletableFuture<Decision> refund(Match match, long cost, long chargedAtMillis) {
    return corrected(
        Reason.REFUNDED,
        match,
        part -> RowsDialogue.refund(codec, judge, part, cost, chargedAtMillis));
  }

  CompletableFuture<Decision> reset(Match match) {
    return corrected(Reason.RESET, match, part -> Dialogue.reset(judge, part, Optional.empty()));
  }

  /** Each identifier's part stands by itself. */
  private CompletableFuture<Decision> corrected(
      Reason reason, Match match, Function<Match, Dialogue<Decision>> dialogue) {
    List<Match> parts = parts(match);
    List<Dialogue<Decision>> dialogues = parts.stream().map(dialogue).toList();
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      KeyText identifier = identifier(parts.get(i));
      answers.add(
          conversations
              .begin(dialogues.get(i))
              .thenApply(decision -> Answer.holdingNothing(identifier, decision)));
    }
    CompletableFuture<Decision> corrected =
        all(answers)
            .thenApply(
                given -> judge.corrected(reason, given, match.revision(), timeMillis(given)));
    return corrected.exceptionallyCompose(
        failure -> CompletableFuture.failedFuture(failureOfAll(answers, failure)));
  }

  /** That one part was certainly not carried out says nothing of the others; all have ended. */
  private static RedisUnavailableException failureOfAll(
      List<CompletableFuture<Answer>> parts, Throwable first) {
    RedisUnavailableException failure = Conversations.unavailable(first);
    boolean isOfAll = parts.stream().allMatch(SplitRequests::isCertainlyNotDone);
    return isOfAll || !failure.isCertainlyNotDone() ? failure : failure.ofOnePart();
  }

  private static boolean isCertainlyNotDone(CompletableFuture<Answer> part) {
    return part.isCompletedExceptionally()
        && part.handle((answer, failure) -> Conversations.unavailable(failure))
            .join()
            .isCertainlyNotDone();
  }

  private static List<Match> parts(Match match) {
    List<Match> parts = new ArrayList<>();
    for (IdentifierLimits identifier : match.identifiers()) {
      parts.add(match.withIdentifiers(List.of(identifier)));
    }
    return parts;
  }

  /** All answers, in their order. */
  private static CompletableFuture<List<Answer>> all(List<CompletableFuture<Answer>> answers) {
    CompletableFuture<List<Answer>> all = CompletableFuture.completedFuture(List.of());
    for (CompletableFuture<Answer> next : answers) {
      all = all.thenCombine(next, SplitRequests::with);
    }
    return all;
  }

  private static List<Answer> with(List<Answer> answers, Answer next) {
    List<Answer> more = new ArrayList<>(answers);
    more.add(next);
    return more;
  }

  /** The servers' clocks may differ: the latest counts. */
  private static long timeMillis(List<Answer> answers) {
    return answers.stream().mapToLong(Answer::nowMillis).max().orElseThrow();
  }
}
