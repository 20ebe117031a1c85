package io.weir.streams.query;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Asks other instances for the state that they hold. Implementations are thread-safe.
 *
 * <p>A future ends within a bounded time, and fails with a {@link ProblemException} where the
 * instance cannot be reached, answers too late, or does not hold the state.
 */
public interface Peers {

  /** The limits of one identifier, of those that apply to a question. */
  CompletableFuture<LimitsAnswer> limits(
      HostInfo instance, LimitsQuestion question, String identifier);

  /** All that is remembered of an identifier. */
  CompletableFuture<RowsAnswer> rows(HostInfo instance, String identifier);
}
