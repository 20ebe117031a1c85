package io.weir.limiter.redis;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.Once;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.codec.CodecException;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the script about the rows of a request. Nearly always that is one question: the
 * script judges, and what is reported of it is computed here by the {@link Judge}, from the rows
 * that it returns. Where it leaves that to the caller, the Judge judges what it read, which is all
 * if there is nothing to write; else rows are exchanged if nobody changed them meanwhile, and if
 * somebody did, all begins anew. No I/O; for one thread at a time.
 */
final class RowsDialogue<T> implements Dialogue<T> {
  /** What a step makes of what was found. */
  private record Outcome<T>(T result, List<Judgement.Write> writes) {}

  /** A pure step. */
  private interface Step<T> {
    Outcome<T> take(Check check, Judge.Rows rows);

    /** What is told of it where it was done before, and would come to this now. */
    default T told(T result) {
      return result;
    }
  }

  private static final byte[] NOTHING = {};

  // Of what is held and never written.
  private static final HoldId NOBODY = new HoldId(0, 0);
  private static final HoldBounds UNHELD = new HoldBounds(1, 1);

  private final ScriptRowCodec codec;
  private final Match match;
  private final long cost;
  private final Ask first;
  private final Step<T> step;
  private final Optional<Once> once;
  private final AtomicInteger losses = new AtomicInteger();
  private @Nullable Outcome<T> exchanging;

  private RowsDialogue(ScriptRowCodec codec, Match match, long cost, Ask first, Step<T> step) {
    this(codec, match, cost, first, step, Optional.empty());
  }

  private RowsDialogue(
      ScriptRowCodec codec, Match match, long cost, Ask first, Step<T> step, Optional<Once> once) {
    this.codec = codec;
    this.match = match;
    this.cost = cost;
    this.first = once.map(first::once).orElse(first);
    this.step = step;
    this.once = once;
  }

  /** Judges a request. */
  static RowsDialogue<Decision> check(ScriptRowCodec codec, Judge judge, Match match, long cost) {
    Step<Decision> step =
        new Step<>() {
          @Override
          public Outcome<Decision> take(Check check, Judge.Rows rows) {
            return of(judge.judge(check, rows));
          }

          /** What was charged was allowed, whatever the rules say now. */
          @Override
          public Decision told(Decision decision) {
            return decision.isAllowed() ? decision : decision.asAllowedBefore();
          }
        };
    return new RowsDialogue<>(codec, match, cost, Ask.check(match, cost), step);
  }

  /** Gives back what a request took. */
  static RowsDialogue<Decision> refund(
      ScriptRowCodec codec, Judge judge, Match match, long cost, long chargedAtMillis) {
    return new RowsDialogue<>(
        codec,
        match,
        cost,
        Ask.read(match),
        (check, rows) -> of(judge.refund(check, chargedAtMillis, rows)));
  }

  /** This, as it is done once; a step that takes nothing is not remembered. */
  RowsDialogue<T> once(Once newOnce) {
    return new RowsDialogue<>(codec, match, cost, first, step, Optional.of(newOnce));
  }

  /** How often others changed the rows meanwhile, so far. Thread-safe. */
  int losses() {
    return losses.get();
  }

  private static Outcome<Decision> of(Judgement judgement) {
    return new Outcome<>(judgement.decision(), judgement.writes());
  }

  /** Asks the limits of one of several identifiers, and holds what they admit. */
  static RowsDialogue<Answer> hold(
      ScriptRowCodec codec, Judge judge, Match match, long cost, HoldId id, HoldBounds bounds) {
    return new RowsDialogue<>(
        codec,
        match,
        cost,
        Ask.read(match),
        (check, rows) -> {
          Judge.Held held = judge.hold(check, id, bounds, rows);
          return new Outcome<>(held.answer(), held.writes());
        });
  }

  /** Asks the limits of one of several identifiers how they stand, and holds nothing. */
  static Dialogue<Answer> look(ScriptRowCodec codec, Judge judge, Match match, long cost) {
    return new RowsDialogue<>(
        codec,
        match,
        cost,
        Ask.read(match),
        (check, rows) ->
            new Outcome<>(judge.hold(check, NOBODY, UNHELD, rows).answer(), List.of()));
  }

  /** Gives back what is held for a request. */
  static Dialogue<Boolean> release(ScriptRowCodec codec, Match match, HoldId id) {
    return heldRows(codec, match, id, row -> row.released(id).orElse(row));
  }

  /** Takes what is held for a request for good. */
  static Dialogue<Boolean> settle(ScriptRowCodec codec, Match match, HoldId id) {
    return heldRows(codec, match, id, row -> row.settled(id));
  }

  private static Dialogue<Boolean> heldRows(
      ScriptRowCodec codec, Match match, HoldId id, UnaryOperator<StoredLimit> change) {
    return new RowsDialogue<>(
        codec,
        match,
        0,
        Ask.read(match),
        (check, rows) -> {
          List<Judgement.Write> writes = new ArrayList<>();
          for (ApplicableLimit limit : check.limits()) {
            rows.find(limit.key())
                .filter(row -> row.isHolding(id))
                .map(row -> new Judgement.Write(limit.key(), change.apply(row)))
                .ifPresent(writes::add);
          }
          return new Outcome<>(!writes.isEmpty(), writes);
        });
  }

  @Override
  public Ask first() {
    return first;
  }

  @Override
  public Turn<T> after(Found found) {
    if (found.result() == Found.Result.BROKEN) {
      throw new CodecException(found.fault());
    }
    if (exchanging != null) {
      Outcome<T> exchanged = exchanging;
      exchanging = null;
      if (found.result() == Found.Result.DONE) {
        return new Turn.Done<>(exchanged.result());
      }
      losses.incrementAndGet();
      // If it was done by somebody else meanwhile, the next answer tells.
      return new Turn.Next<>(first);
    }
    Check check = Check.of(match, cost, found.timeMillis(), found.floorMillis());
    if (found.result() == Found.Result.TOLD) {
      Outcome<T> now = step.take(check, rows(check, ofSameLimits(found)));
      return new Turn.Done<>(step.told(now.result()));
    }
    Outcome<T> outcome = step.take(check, rows(check, found));
    if (found.result() != Found.Result.LEFT_TO_CALLER) {
      requireSame(outcome.result(), found);
      return new Turn.Done<>(outcome.result());
    }
    if (outcome.writes().isEmpty()) {
      return new Turn.Done<>(outcome.result());
    }
    exchanging = outcome;
    return new Turn.Next<>(exchange(check, outcome.writes(), found));
  }

  /** Rules may have changed since: the row of another limit is none of this one's. */
  private Found ofSameLimits(Found found) {
    List<byte[]> rows = new ArrayList<>(found.rows().size());
    for (IdentifierLimits each : match.identifiers()) {
      for (ApplicableLimit limit : each.limits()) {
        byte[] row = found.rows().get(rows.size());
        byte[] key = RowKeys.behind(each.identifierText(), limit.key());
        rows.add(isOf(key, row) ? row : NOTHING);
      }
    }
    return new Found(found.result(), found.timeMillis(), found.floorMillis(), rows, "");
  }

  private boolean isOf(byte[] key, byte[] row) {
    return row.length > 0
        && codec.decodeAll(row).get(0).key().equals(new String(key, StandardCharsets.US_ASCII));
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

  private static void requireSame(Object result, Found found) {
    boolean allowed = result instanceof Decision decision && decision.isAllowed();
    if (allowed != (found.result() == Found.Result.DONE)) {
      throw new IllegalStateException(
          "the script says " + found.result() + ", but this is right: " + result);
    }
  }

  private Ask exchange(Check check, List<Judgement.Write> writes, Found found) {
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
                wanted(writes, limit.key()).map(row -> codec.encode(key, row)).orElse(expected)));
      }
    }
    Ask swap = Ask.swap(identifiers, swaps);
    return once.map(each -> swap.once(each, found)).orElse(swap);
  }

  private static Optional<StoredLimit> wanted(List<Judgement.Write> writes, KeyText key) {
    return writes.stream()
        .filter(write -> write.key().equals(key))
        .map(Judgement.Write::row)
        .findFirst();
  }
}
