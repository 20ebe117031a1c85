package io.weir.streams.store;

/**
 * A row of the limit store cannot be understood. Never skipped: the task fails, because a row that
 * is treated as absent is a limit handed out twice.
 */
public final class UnreadableRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names the row, the store, and what to do. */
  public UnreadableRowException(String store, String stateKey, RuntimeException cause) {
    super(
        "row '"
            + stateKey
            + "' of store "
            + store
            + " cannot be read: "
            + cause.getMessage()
            + "; run a version that knows this row, or delete the row's record from the store's"
            + " changelog and the local state",
        cause);
  }
}
