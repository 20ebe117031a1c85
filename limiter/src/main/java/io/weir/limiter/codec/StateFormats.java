package io.weir.limiter.codec;

import io.weir.limiter.algorithm.CustomState;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.LeakyBucketState;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.TokenBucketState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The layouts of states, see docs/state-format.md. Ids are forever: none is ever reused. */
final class StateFormats {
  private static final String LAST = "the time of the last admission";

  /** For algorithms of the user's own. */
  static final StateFormat<CustomState> CUSTOM =
      new StateFormat<>(
          0, "", true, CustomState.class, StateFormats::writeCustom, StateFormats::readCustom);

  /** In the order of their ids, from 0. */
  private static final List<StateFormat<?>> BY_ID =
      List.of(
          CUSTOM,
          new StateFormat<>(
              1,
              "token_bucket",
              true,
              TokenBucketState.class,
              (state, out) -> writeNumbers(out, state.missing(), state.lastMillis()),
              in ->
                  new TokenBucketState(in.readUnsigned("what is missing"), in.readUnsigned(LAST))),
          new StateFormat<>(
              2,
              "leaky_bucket",
              true,
              LeakyBucketState.class,
              (state, out) -> writeNumbers(out, state.queued(), state.lastMillis()),
              in -> new LeakyBucketState(in.readUnsigned("what is queued"), in.readUnsigned(LAST))),
          new StateFormat<>(
              3,
              "fixed_window",
              false,
              FixedWindowState.class,
              (state, out) -> writeNumbers(out, state.count(), state.lastMillis()),
              in -> new FixedWindowState(in.readUnsigned("the count"), in.readUnsigned(LAST))),
          new StateFormat<>(
              4,
              "sliding_window_log",
              false,
              SlidingWindowLogState.class,
              StateFormats::writeLog,
              StateFormats::readLog),
          new StateFormat<>(
              5,
              "sliding_window_counter",
              false,
              SlidingWindowCounterState.class,
              (state, out) ->
                  writeNumbers(out, state.current(), state.previous(), state.lastMillis()),
              in ->
                  new SlidingWindowCounterState(
                      in.readUnsigned("the current window's count"),
                      in.readUnsigned("the previous window's count"),
                      in.readUnsigned(LAST))));

  private static final Map<String, StateFormat<?>> BY_NAME =
      BY_ID.stream()
          .filter(format -> !format.isCustom())
          .collect(Collectors.toUnmodifiableMap(StateFormat::algorithm, format -> format));

  private StateFormats() {}

  /** The format of that id, {@link #CUSTOM} included. */
  static Optional<StateFormat<?>> find(int id) {
    return id < BY_ID.size() ? Optional.of(BY_ID.get(id)) : Optional.empty();
  }

  /** The format of the built-in algorithm of that name. */
  static Optional<StateFormat<?>> builtIn(String algorithm) {
    return Optional.ofNullable(BY_NAME.get(algorithm));
  }

  private static void writeNumbers(RowWriter out, long... numbers) {
    for (long number : numbers) {
      out.writeUnsigned(number);
    }
  }

  private static void writeCustom(CustomState state, RowWriter out) {
    out.writeUnsigned(state.values().size());
    state.values().forEach(out::writeSigned);
    out.writeUnsigned(state.lastMillis());
  }

  private static CustomState readCustom(RowReader in) {
    int size = in.readCount("the number of values", CustomState.MAX_VALUES);
    List<Long> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(in.readSigned("a value"));
    }
    return new CustomState(values, in.readUnsigned(LAST));
  }

  /**
   * Each entry is its distance from the one before, less one, doubled; the lowest bit says that a
   * cost follows, because most costs are 1. So a log cannot be written out of order.
   */
  private static void writeLog(SlidingWindowLogState log, RowWriter out) {
    out.writeUnsigned(log.size());
    long previous = -1;
    for (int i = 0; i < log.size(); i++) {
      long gap = log.timeMillis(i) - previous - 1;
      long cost = log.cost(i);
      out.writeUnsigned(gap << 1 | (cost == 1 ? 0 : 1));
      if (cost > 1) {
        out.writeUnsigned(cost - 2);
      }
      previous = log.timeMillis(i);
    }
  }

  private static SlidingWindowLogState readLog(RowReader in) {
    int size = in.readCount("the number of entries", SlidingWindowLog.LARGEST_MAX_ENTRIES);
    long[] times = new long[size];
    long[] costs = new long[size];
    long previous = -1;
    for (int i = 0; i < size; i++) {
      long entry = in.readUnsigned("the time of an entry");
      // Sums that overflow come out negative, and no log takes those.
      times[i] = previous + 1 + (entry >> 1);
      costs[i] = (entry & 1) == 0 ? 1 : in.readUnsigned("the cost of an entry") + 2;
      previous = times[i];
    }
    return SlidingWindowLogState.of(times, costs);
  }
}
