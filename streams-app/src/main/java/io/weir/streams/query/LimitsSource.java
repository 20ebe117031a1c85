package io.weir.streams.query;

import java.util.concurrent.CompletableFuture;

/**
 * Says how limits stand, wherever their state lives. Implementations are thread-safe; no thread
 * waits, the futures do. What cannot be answered is a {@link ProblemException}, thrown or in the
 * future.
 */
public interface LimitsSource {

  /** The limits that apply, of all identifiers. */
  CompletableFuture<LimitsAnswer> limits(LimitsQuestion question);

  /** All that is remembered of an identifier. */
  CompletableFuture<RowsAnswer> rows(String identifier);

  /**
   * The limits of one identifier, for another instance that passes a question on. Where no instance
   * has state of its own, as any other question.
   */
  default CompletableFuture<LimitsAnswer> limitsHere(LimitsQuestion question, String identifier) {
    return limits(question);
  }

  /** All that is remembered of an identifier, for another instance that passes a question on. */
  default CompletableFuture<RowsAnswer> rowsHere(String identifier) {
    return rows(identifier);
  }
}
