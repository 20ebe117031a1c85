package io.weir.limiter.redis;

import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.CodecException;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the script until there is a decision on one request. Nearly always that is one
 * question: the script judges, and what is reported of it is computed here by the {@link Judge},
 * from the rows that it returns. Where it leaves that to the caller, the Judge judges what it read,
 * which is a decision already if there is nothing to write; else rows are exchanged if nobody
 * changed them meanwhile, and if somebody did, all begins anew. No I/O; for one thread at a time.
 */
final class RowsDialogue implements Dialogue {
  /** What the Judge says to what was found. */
  private interface Step {
    Judgement judge(Check check, Judge.Rows rows);
  }

  private final ScriptRowCodec codec;
  private final Match match;
  private final long cost;
  private final Ask first;
  private final Step step;
  private @Nullable Judgement exchanging;

  private RowsDialogue(ScriptRowCodec codec, Match match, long cost, Ask first, Step step) {
    this.codec = codec;
    this.match = match;
    this.cost = cost;
    this.first = first;
    this.step = step;
  }

  /** Judges a request. */
  static Dialogue check(ScriptRowCodec codec, Judge judge, Match match, long cost) {
    return new RowsDialogue(codec, match, cost, Ask.check(match, cost), judge::judge);
  }

  /** Gives back what a request took. */
  static Dialogue refund(
      ScriptRowCodec codec, Judge judge, Match match, long cost, long chargedAtMillis) {
    return new RowsDialogue(
        codec,
        match,
        cost,
        Ask.read(match),
        (check, rows) -> judge.refund(check, chargedAtMillis, rows));
  }

  @Override
  public Ask first() {
    return first;
  }

  @Override
  public Turn after(Found found) {
    if (exchanging != null) {
      Judgement judged = exchanging;
      exchanging = null;
      return found.result() == Found.Result.DONE
          ? new Turn.Done(judged.decision())
          : new Turn.Next(first);
    }
    if (found.result() == Found.Result.BROKEN) {
      throw new CodecException(found.fault());
    }
    Check check = Check.of(match, cost, found.timeMillis(), found.floorMillis());
    Judgement judgement = step.judge(check, rows(check, found));
    if (found.result() != Found.Result.LEFT_TO_CALLER) {
      requireSame(judgement.decision(), found);
      return new Turn.Done(judgement.decision());
    }
    if (judgement.writes().isEmpty()) {
      return new Turn.Done(judgement.decision());
    }
    exchanging = judgement;
    return new Turn.Next(exchange(check, judgement, found));
  }

  private Judge.Rows rows(Check check, Found found) {
    return key -> {
      byte[] row = found.rows().get(index(check, key));
      return row.length == 0 ? Optional.empty() : Optional.of(codec.decode(row));
    };
  }

  private static int index(Check check, KeyText key) {
    List<ApplicableLimit> limits = check.limits();
    int index = 0;
    while (!limits.get(index).key().equals(key)) {
      index++;
    }
    return index;
  }

  private static void requireSame(Decision decision, Found found) {
    if (decision.isAllowed() != (found.result() == Found.Result.DONE)) {
      throw new IllegalStateException(
          "the script says " + found.result() + ", but this is right: " + decision);
    }
  }

  private Ask exchange(Check check, Judgement judgement, Found found) {
    List<KeyText> identifiers = new ArrayList<>();
    List<Ask.Swap> swaps = new ArrayList<>();
    for (IdentifierLimits each : match.identifiers()) {
      identifiers.add(each.identifierText());
      for (ApplicableLimit limit : each.limits()) {
        byte[] key = RowKeys.behind(each.identifierText(), limit.key());
        byte[] expected = found.rows().get(index(check, limit.key()));
        swaps.add(
            new Ask.Swap(
                identifiers.size(),
                key,
                expected,
                wanted(judgement, limit.key())
                    .map(row -> codec.encode(key, row))
                    .orElse(expected)));
      }
    }
    return Ask.swap(identifiers, swaps);
  }

  private static Optional<StoredLimit> wanted(Judgement judgement, KeyText key) {
    return judgement.writes().stream()
        .filter(write -> write.key().equals(key))
        .map(Judgement.Write::row)
        .findFirst();
  }
}
