package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.KeyText;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;

/** What limit stores answer to interactive queries. */
final class LimitQueries {
  private LimitQueries() {}

  /** What queries ask, from any thread. */
  interface Rows {
    /** The row of a state key; empty if nothing is remembered. */
    Optional<StoredLimit> row(KeyText key);

    /** The first rows of one identifier in key order, at most so many. */
    List<LimitRow> rowsOf(KeyText identifier, int most);
  }

  /** Answers a query about the rows of a store. */
  @SuppressWarnings("unchecked") // R is what the query's own type says
  static <R> QueryResult<R> answer(Query<R> query, StateStore store, Rows rows) {
    Position position = store.getPosition();
    QueryResult<R> result;
    if (query instanceof LimitRowQuery one) {
      result = QueryResult.forResult((R) rows.row(KeyText.of(one.stateKey())));
    } else if (query instanceof LimitRowsQuery several) {
      result =
          QueryResult.forResult((R) rows.rowsOf(KeyText.of(several.identifier()), several.most()));
    } else {
      return QueryResult.forUnknownQueryType(query, store);
    }
    result.setPosition(position);
    return result;
  }
}
