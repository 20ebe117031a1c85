package io.weir.streams.query;

import io.weir.limiter.algorithm.StoredLimit;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Reads the state that lives on this instance. Implementations are thread-safe.
 *
 * <p>Each read is atomic; two reads may have a request between them.
 */
public interface LocalRows {

  /**
   * The row of a state key.
   *
   * @param partition the partition that its identifier falls into
   * @return empty if nothing is remembered
   * @throws ProblemException if the partition has left this instance, or is not yet there
   */
  Optional<StoredLimit> find(int partition, String stateKey);

  /**
   * The rows of an identifier by state key.
   *
   * @param partition the partition that the identifier falls into
   * @param most how many rows to return at most
   * @throws ProblemException if the partition has left this instance, or is not yet there
   */
  SortedMap<String, StoredLimit> findAll(int partition, String identifier, int most);
}
