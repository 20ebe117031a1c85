package io.weir.streams.cli.traffic;

import io.weir.schemas.Decision;
import io.weir.streams.cli.RegistryFailures;
import io.weir.streams.cli.TopicReader;
import io.weir.streams.serde.Surroundings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads decisions until there were enough, it took long enough, or nobody reads them any more. Not
 * thread-safe.
 *
 * @param decisions reads the values
 * @param filter which decisions count
 * @param max the most decisions; empty for no end
 * @param time the longest time; empty for no end
 * @param clock by which it is measured
 * @param isUnread whether nobody takes what is handed out, as after {@code | head}
 * @param onUnreadable told where a record is that is no decision, and why
 */
record DecisionWatch(
    Deserializer<Decision> decisions,
    Predicate<Decision> filter,
    Optional<Long> max,
    Optional<Duration> time,
    InstantSource clock,
    BooleanSupplier isUnread,
    Consumer<String> onUnreadable) {
  private static final Duration LONGEST_POLL = Duration.ofMillis(250);

  /**
   * Hands out the decisions; the result is how many.
   *
   * @throws io.weir.streams.cli.CommandFailure if Kafka or the registry fails
   */
  long run(TopicReader reader, Consumer<Decision> sink) {
    long startMillis = clock.millis();
    Count count = new Count();
    while (!count.isEnough()) {
      Duration left =
          time.map(limit -> limit.minusMillis(clock.millis() - startMillis)).orElse(LONGEST_POLL);
      if (left.isNegative() || left.isZero() || Thread.currentThread().isInterrupted()) {
        break;
      }
      reader.poll(
          left.compareTo(LONGEST_POLL) < 0 ? left : LONGEST_POLL,
          record -> {
            if (!count.isEnough()) {
              read(record).filter(filter).ifPresent(decision -> count.take(decision, sink));
            }
          });
    }
    return count.taken;
  }

  private Optional<Decision> read(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
    try {
      return Optional.ofNullable(
          decisions.deserialize(record.topic(), record.headers(), record.value()));
    } catch (RuntimeException e) {
      if (!Surroundings.areInnocentOf(e)) {
        throw RegistryFailures.ofSerde(e);
      }
      onUnreadable.accept(
          record.topic()
              + "-"
              + record.partition()
              + " offset "
              + record.offset()
              + " is no decision: "
              + e.getMessage());
      return Optional.empty();
    }
  }

  /** Decisions so far. */
  private final class Count {
    private long taken;

    private boolean isEnough() {
      return max.filter(it -> taken >= it).isPresent() || isUnread.getAsBoolean();
    }

    private void take(Decision decision, Consumer<Decision> sink) {
      taken++;
      sink.accept(decision);
    }
  }
}
