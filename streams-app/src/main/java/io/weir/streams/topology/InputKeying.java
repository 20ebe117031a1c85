package io.weir.streams.topology;

import java.util.OptionalInt;

/** How records of the requests topic are keyed. */
public sealed interface InputKeying {

  /**
   * Anyhow: checks are re-keyed by identifier through a topic of their own.
   *
   * @param partitions number of partitions of that topic; empty: as many as the requests topic
   */
  record Any(OptionalInt partitions) implements InputKeying {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Any {
      partitions.ifPresent(InputKeying::requirePositive);
    }
  }

  /**
   * By identifier already: requests are judged where they are read, without the hop. A record with
   * another key, or on another partition than Kafka's default partitioner chooses, is invalid: one
   * identifier would have two budgets.
   *
   * @param partitions number of partitions of the requests topic
   */
  record ByIdentifier(int partitions) implements InputKeying {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public ByIdentifier {
      requirePositive(partitions);
    }
  }

  private static void requirePositive(int partitions) {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "the number of partitions is " + partitions + "; it must be 1 or more");
    }
  }
}
