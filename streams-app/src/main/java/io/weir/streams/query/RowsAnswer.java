package io.weir.streams.query;

import java.util.List;

/**
 * All that is remembered of an identifier, under the numbers that it was written under.
 *
 * @param identifier who is limited
 * @param instance host and port of the instance that holds the state
 * @param evaluatedAtMillis the time that the report is for, in milliseconds since the epoch
 * @param rows the rows by state key
 * @param truncated whether there are more rows than these
 */
public record RowsAnswer(
    String identifier,
    String instance,
    long evaluatedAtMillis,
    List<Standing> rows,
    boolean truncated) {

  /** Copies the list. */
  public RowsAnswer {
    rows = List.copyOf(rows);
  }
}
