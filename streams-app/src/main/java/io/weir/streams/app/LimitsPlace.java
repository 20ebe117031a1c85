package io.weir.streams.app;

import io.weir.limiter.redis.StoredRows;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Where the state of limits is that queries read. */
public sealed interface LimitsPlace {
  /** In a store of the topology, which each instance has a part of. */
  record Store(String name) implements LimitsPlace {}

  /**
   * In Redis, for all instances.
   *
   * @param inspect reads the rows of an identifier
   */
  record Redis(Function<String, CompletionStage<StoredRows>> inspect) implements LimitsPlace {}
}
