package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.KeyText;
import java.util.List;
import java.util.Optional;

/**
 * The rows of state of one partition, in the order of their state keys, so that the rows of one
 * identifier stand together. Writes belong to the transaction of the task that makes them. For the
 * task's own thread only, but for {@link #scan}; other threads ask with {@link LimitRowQuery} and
 * {@link LimitRowsQuery}.
 *
 * <p>Every method that reads throws {@link UnreadableRowException} where a row's bytes cannot be
 * understood: forgetting such a row would hand out its limit a second time.
 */
public interface LimitStore extends ExpiringRows {

  /** The row of a state key; empty if nothing is remembered. */
  Optional<StoredLimit> get(KeyText key);

  /** Writes a row in place of what was there. */
  void put(KeyText key, StoredLimit row);

  /** Forgets rows, as one batch; unknown keys do no harm. */
  void deleteAll(List<KeyText> keys);

  /** Forgets all rows of one identifier, those included that cannot be read. */
  void deleteRowsOf(KeyText identifier);

  /** The first rows of one identifier in key order, at most so many. */
  List<LimitRow> rowsOf(KeyText identifier, int most);
}
