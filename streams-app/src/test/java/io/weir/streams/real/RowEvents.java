package io.weir.streams.real;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.streams.real.Interleaving.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens to the rows of an identifier, by the library's judge. */
final class RowEvents {
  private static final Judge JUDGE = new Judge();

  private RowEvents() {}

  /** The check of a request with one identifier, and the decision that was seen. */
  record Judged(Check check, Decision seen) implements Event {
    @Override
    public Optional<Map<String, StoredLimit>> after(Map<String, StoredLimit> rows) {
      Judgement judgement = judgement(rows);
      return judgement.decision().equals(seen)
          ? Optional.of(with(rows, judgement.writes()))
          : Optional.empty();
    }

    @Override
    public String instead(Map<String, StoredLimit> rows) {
      return judgement(rows).decision().toString();
    }

    private Judgement judgement(Map<String, StoredLimit> rows) {
      return JUDGE.judge(check, key -> Optional.ofNullable(rows.get(key)));
    }
  }

  /** The check of one of a request's several identifiers, and the answer that was seen. */
  record Held(Check check, HoldId id, HoldBounds bounds, Answer seen) implements Event {
    @Override
    public Optional<Map<String, StoredLimit>> after(Map<String, StoredLimit> rows) {
      Judge.Held held = held(rows);
      return held.answer().equals(seen) ? Optional.of(with(rows, held.writes())) : Optional.empty();
    }

    @Override
    public String instead(Map<String, StoredLimit> rows) {
      return held(rows).answer().toString();
    }

    private Judge.Held held(Map<String, StoredLimit> rows) {
      return JUDGE.hold(check, id, bounds, key -> Optional.ofNullable(rows.get(key)));
    }
  }

  /** A release; it comes after what it releases was held. */
  record Released(HoldId id, List<String> stateKeys) implements Event {
    @Override
    public Optional<Map<String, StoredLimit>> after(Map<String, StoredLimit> rows) {
      Map<String, StoredLimit> next = new HashMap<>(rows);
      for (String key : stateKeys) {
        StoredLimit row = rows.get(key);
        if (row == null || !row.isHolding(id)) {
          return Optional.empty();
        }
        next.put(key, row.released(id).orElseThrow());
      }
      return Optional.of(Map.copyOf(next));
    }

    @Override
    public String instead(Map<String, StoredLimit> rows) {
      return "a release of what is not held";
    }
  }

  private static Map<String, StoredLimit> with(
      Map<String, StoredLimit> rows, List<Judgement.Write> writes) {
    if (writes.isEmpty()) {
      return rows;
    }
    Map<String, StoredLimit> next = new HashMap<>(rows);
    writes.forEach(write -> next.put(write.stateKey(), write.row()));
    return Map.copyOf(next);
  }
}
