package io.weir.streams.config;

/**
 * How often each record of a topic is kept. Immutable.
 *
 * @param replicas copies of each partition, 1 or more
 * @param minInSyncReplicas copies that must have a record before it counts as written, 1 or more
 */
public record TopicReplication(int replicas, int minInSyncReplicas) {
  /** What a single broker can do. */
  public static final TopicReplication SINGLE = new TopicReplication(1, 1);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public TopicReplication {
    if (replicas < 1 || minInSyncReplicas < 1) {
      throw new IllegalArgumentException(
          "replicas is "
              + replicas
              + " and minInSyncReplicas "
              + minInSyncReplicas
              + "; both must be 1 or more");
    }
  }
}
