package io.weir.limiter.redis;

import io.weir.limiter.algorithm.StoredLimit;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Redis remembers of an identifier. Immutable.
 *
 * @param timeMillis Redis's time when it was read, in milliseconds since the epoch
 * @param rows the rows by the keys of their state, under the numbers that they were written under
 */
public record StoredRows(long timeMillis, SortedMap<String, StoredLimit> rows) {

  /** Copies the rows. */
  public StoredRows {
    rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
  }
}
