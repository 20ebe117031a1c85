package io.weir.streams.real;

import io.weir.limiter.Answer;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.streams.real.Interleaving.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens to the rows of an identifier, by the library's judge. */
final class RowEvents {
  private static final Judge JUDGE = new Judge();

  private RowEvents() {}

  /** What a check comes to, and the rows after it. */
  private record Outcome<T>(T seen, Map<String, StoredLimit> rows) {}

  /** The check of a request with one identifier, and the decision that was seen. */
  record Decided(Run.Checked checked, Decision seen) implements Event {
    @Override
    public Optional<Map<String, StoredLimit>> after(Map<String, StoredLimit> rows) {
      return rowsIf(seen, decide(checked, rows));
    }

    @Override
    public String instead(Map<String, StoredLimit> rows) {
      return decide(checked, rows).seen().toString();
    }

    @Override
    public Run.Step step() {
      return checked;
    }
  }

  /** The check of one of a request's several identifiers, and the answer that was seen. */
  record Answered(Run.Checked checked, HoldId id, HoldBounds bounds, Answer seen) implements Event {
    @Override
    public Optional<Map<String, StoredLimit>> after(Map<String, StoredLimit> rows) {
      return rowsIf(seen, answer(rows));
    }

    @Override
    public String instead(Map<String, StoredLimit> rows) {
      return answer(rows).seen().toString();
    }

    @Override
    public Run.Step step() {
      return checked;
    }

    private Outcome<Answer> answer(Map<String, StoredLimit> rows) {
      if (checked.task() instanceof Run.Task.Charge) {
        Judge.Held held =
            JUDGE.hold(
                checked.check(), id, bounds, key -> Optional.ofNullable(rows.get(key.toString())));
        return new Outcome<>(held.answer(), with(rows, held.writes()));
      }
      Outcome<Decision> step = decide(checked, rows);
      return new Outcome<>(
          Answer.holdingNothing(KeyText.of(checked.identifier()), step.seen()), step.rows());
    }
  }

  /**
   * A release. It gives nothing back where the hold has become a charge by a change of the limit's
   * numbers, or was forgotten in a reset.
   *
   * @param held where it was held
   */
  record Released(Run.Released release, Answered held) implements Event {
    @Override
    public Optional<Event> cause() {
      return Optional.of(held);
    }

    @Override
    public Optional<Map<String, StoredLimit>> after(Map<String, StoredLimit> rows) {
      Map<String, StoredLimit> next = new HashMap<>(rows);
      for (String key : release.stateKeys()) {
        Optional.ofNullable(rows.get(key))
            .flatMap(row -> row.released(release.id()))
            .ifPresent(row -> next.put(key, row));
      }
      return Optional.of(Map.copyOf(next));
    }

    @Override
    public String instead(Map<String, StoredLimit> rows) {
      return "a release of what is not held yet";
    }

    @Override
    public Run.Step step() {
      return release;
    }
  }

  private static Outcome<Decision> decide(Run.Checked checked, Map<String, StoredLimit> rows) {
    if (checked.task() instanceof Run.Task.Reset) {
      // All rows are of this identifier.
      return new Outcome<>(reset(checked), Map.of());
    }
    Judge.Rows found = key -> Optional.ofNullable(rows.get(key.toString()));
    Judgement judgement =
        checked.task() instanceof Run.Task.Refund refund
            ? JUDGE.refund(checked.check(), refund.chargedAtMillis(), found)
            : JUDGE.judge(checked.check(), found);
    return new Outcome<>(judgement.decision(), with(rows, judgement.writes()));
  }

  /** What gives back all that an answer holds. */
  static Run.Released released(HoldId id, Answer answer) {
    return new Run.Released(
        id,
        answer.identifierText().toString(),
        answer.heldKeys().stream().map(KeyText::toString).toList());
  }

  /** The decision on a reset, by whatever rows. */
  static Decision reset(Run.Checked checked) {
    Match match =
        new Match(
            List.of(new Match.IdentifierLimits(KeyText.of(checked.identifier()), checked.limits())),
            true,
            checked.rulesRevision());
    return JUDGE.reset(match, checked.timestampMillis(), 0);
  }

  private static <T> Optional<Map<String, StoredLimit>> rowsIf(T seen, Outcome<T> step) {
    return step.seen().equals(seen) ? Optional.of(step.rows()) : Optional.empty();
  }

  private static Map<String, StoredLimit> with(
      Map<String, StoredLimit> rows, List<Judgement.Write> writes) {
    if (writes.isEmpty()) {
      return rows;
    }
    Map<String, StoredLimit> next = new HashMap<>(rows);
    writes.forEach(write -> next.put(write.key().toString(), write.row()));
    return Map.copyOf(next);
  }
}
