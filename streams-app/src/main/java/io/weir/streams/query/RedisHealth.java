package io.weir.streams.query;

import io.weir.limiter.redis.StoredRows;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Whether Redis answers, for who asks whether the process is ready: it goes on deciding without.
 * Thread-safe.
 *
 * @param inspect reads the rows of an identifier
 * @param answering goes on with what was read
 */
public record RedisHealth(
    Function<String, CompletionStage<StoredRows>> inspect, Executor answering) {
  /** A key that nothing is ever written to. */
  private static final String NOBODY = "weir/readiness=probe";

  /** The condition {@code redis}, in a map that others can be added to. */
  public CompletableFuture<SortedMap<String, String>> conditions() {
    return inspect
        .apply(NOBODY)
        .handleAsync((found, failure) -> conditions(failure == null), answering)
        .toCompletableFuture();
  }

  private static SortedMap<String, String> conditions(boolean answers) {
    SortedMap<String, String> conditions = new TreeMap<>();
    conditions.put("redis", answers ? "available" : "unavailable");
    return conditions;
  }
}
