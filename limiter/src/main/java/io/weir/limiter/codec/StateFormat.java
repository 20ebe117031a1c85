package io.weir.limiter.codec;

import io.weir.limiter.algorithm.LimitState;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How the state of one algorithm is laid out in a row.
 *
 * @param id the byte that stands for the algorithm; 0 where the name follows
 * @param algorithm name of the algorithm; empty for algorithms of the user's own
 * @param hasBurst whether the row holds the burst; else it equals the requests
 */
record StateFormat<S extends LimitState>(
    int id,
    String algorithm,
    boolean hasBurst,
    Class<S> type,
    BiConsumer<S, RowWriter> writer,
    Function<RowReader, S> reader) {

  /** Whether it is the format of algorithms of the user's own, whose name is in the row. */
  boolean isCustom() {
    return id == 0;
  }

  void write(LimitState state, RowWriter out) {
    writer.accept(type.cast(state), out);
  }

  S read(RowReader in) {
    return reader.apply(in);
  }
}
