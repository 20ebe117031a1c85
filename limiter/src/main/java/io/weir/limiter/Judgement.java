package io.weir.limiter;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.KeyText;
import java.util.List;

/**
 * A decision and what must be written for it to hold.
 *
 * @param decision the decision
 * @param writes the rows to write, all or none; empty where nothing is charged
 */
public record Judgement(Decision decision, List<Write> writes) {

  /** Copies the list. */
  public Judgement {
    writes = List.copyOf(writes);
  }

  /**
   * One row to write.
   *
   * @param key the row's key
   * @param row the row
   */
  public record Write(KeyText key, StoredLimit row) {}
}
