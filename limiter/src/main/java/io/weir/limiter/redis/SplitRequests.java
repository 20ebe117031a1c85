package io.weir.limiter.redis;

import io.weir.limiter.Answer;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Reason;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.ArrayList;
import java.util.List;
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
 * Thread-safe.
 */
final class SplitRequests {
  /** Longer than any request can be under way. */
  private static final HoldBounds BOUNDS = new HoldBounds(60_000, 1_000);

  private final Conversations conversations;
  private final ScriptRowCodec codec;
  private final Judge judge;

  SplitRequests(Conversations conversations, ScriptRowCodec codec, Judge judge) {
    this.conversations = conversations;
    this.codec = codec;
    this.judge = judge;
  }

  CompletableFuture<Decision> judge(Match match, long cost) {
    long endNanos = System.nanoTime() + conversations.timeout().toNanos();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HoldId id = new HoldId(random.nextLong(), random.nextLong());
    List<Match> parts = parts(match);
    CompletableFuture<Decision> result = new CompletableFuture<>();
    var unused =
        all(
                parts,
                part ->
                    conversations.begin(RowsDialogue.hold(codec, judge, part, cost, id, BOUNDS)))
            .whenComplete(
                (answers, failure) -> {
                  if (failure != null) {
                    // Some may hold all the same.
                    var unusedToo = release(parts, id);
                    result.completeExceptionally(failure);
                    return;
                  }
                  Decision decision = judge.decide(answers, match.revision(), timeMillis(answers));
                  end(holding(parts, answers), id, decision, result, endNanos);
                });
    return result;
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
      result.complete(decision);
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
    return corrected(Reason.RESET, match, part -> Dialogue.reset(judge, part));
  }

  /** Each identifier's part stands by itself. */
  private CompletableFuture<Decision> corrected(
      Reason reason, Match match, Function<Match, Dialogue<Decision>> dialogue) {
    return all(
            parts(match),
            part ->
                conversations
                    .begin(dialogue.apply(part))
                    .thenApply(
                        decision ->
                            Answer.holdingNothing(
                                part.identifiers().get(0).identifierText(), decision)))
        .thenApply(
            answers -> judge.corrected(reason, answers, match.revision(), timeMillis(answers)));
  }

  private static List<Match> parts(Match match) {
    List<Match> parts = new ArrayList<>();
    for (IdentifierLimits identifier : match.identifiers()) {
      parts.add(new Match(List.of(identifier), match.matched(), match.revision()));
    }
    return parts;
  }

  /** The answers to all parts, in their order. */
  private static CompletableFuture<List<Answer>> all(
      List<Match> parts, Function<Match, CompletableFuture<Answer>> ask) {
    CompletableFuture<List<Answer>> answers = CompletableFuture.completedFuture(List.<Answer>of());
    for (CompletableFuture<Answer> next : parts.stream().map(ask).toList()) {
      answers = answers.thenCombine(next, SplitRequests::with);
    }
    return answers;
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
