package io.weir.streams.query;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.streams.store.LimitRow;
import io.weir.streams.store.LimitRowQuery;
import io.weir.streams.store.LimitRowsQuery;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;

/**
 * Reads rows from the limit store of a running Kafka Streams client. Only active tasks are read: a
 * standby's copy would be older than decisions that were already sent.
 */
public final class StreamsLocalRows implements LocalRows {
  private final Supplier<Optional<KafkaStreams>> streams;
  private final String storeName;

  /**
   * Reads the rows of a store.
   *
   * @param streams the running client; empty before it is made
   * @param storeName the limit store
   */
  public StreamsLocalRows(Supplier<Optional<KafkaStreams>> streams, String storeName) {
    this.streams = streams;
    this.storeName = storeName;
  }

  @Override
  public Optional<StoredLimit> find(int partition, String stateKey) {
    return read(partition, new LimitRowQuery(stateKey));
  }

  @Override
  public SortedMap<String, StoredLimit> findAll(int partition, String identifier, int most) {
    SortedMap<String, StoredLimit> rows = new TreeMap<>();
    for (LimitRow row : read(partition, new LimitRowsQuery(identifier, most))) {
      rows.put(row.stateKey(), row.stored());
    }
    return rows;
  }

  private <R> R read(int partition, Query<R> query) {
    KafkaStreams client = streams.get().orElseThrow(() -> moved(partition));
    StateQueryRequest<R> request =
        StateQueryRequest.inStore(storeName)
            .withQuery(query)
            .withPartitions(Set.of(partition))
            .requireActive();
    try {
      return resultOf(
          partition,
          client.state(),
          Optional.ofNullable(client.query(request).getPartitionResults().get(partition)));
    } catch (InvalidStateStoreException closed) {
      // Not started yet, stopping, or the store was closed while it was read.
      throw moved(partition, closed);
    }
  }

  static <R> R resultOf(int partition, KafkaStreams.State state, Optional<QueryResult<R>> answer) {
    if (answer.isEmpty() && state == KafkaStreams.State.RUNNING) {
      throw absent(partition);
    }
    QueryResult<R> result = answer.orElseThrow(() -> moved(partition));
    if (result.isSuccess()) {
      return result.getResult();
    }
    FailureReason reason = result.getFailureReason();
    if (reason == FailureReason.NOT_ACTIVE || reason == FailureReason.NOT_PRESENT) {
      throw state == KafkaStreams.State.RUNNING ? absent(partition) : moved(partition);
    }
    throw new IllegalStateException(
        "partition " + partition + " cannot be read: " + result.getFailureMessage());
  }

  /** It is said to be here, and nothing moves: then the address may be another instance's too. */
  private static ProblemException absent(int partition) {
    return new ProblemException(
        ProblemKind.OWNER_UNAVAILABLE,
        detail(partition)
            + "; if that stays so, another instance tells the same address: set http.advertised on"
            + " each to one under which the others reach it");
  }

  private static ProblemException moved(int partition) {
    return new ProblemException(ProblemKind.OWNER_UNAVAILABLE, detail(partition));
  }

  private static ProblemException moved(int partition, Exception cause) {
    return new ProblemException(ProblemKind.OWNER_UNAVAILABLE, detail(partition), cause);
  }

  private static String detail(int partition) {
    return "partition " + partition + " of the state is not on this instance at the moment";
  }
}
