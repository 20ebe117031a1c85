package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopicReaderTest {
  private static final TopicPartition PARTITION = new TopicPartition("rules", 0);

  private final MockConsumer<byte @Nullable [], byte @Nullable []> consumer =
      new MockConsumer<>("earliest");
  private final List<Long> read = new ArrayList<>();
  private long nowNanos;

  TopicReaderTest() {
    Node node = new Node(0, "host", 1);
    consumer.updatePartitions(
        "rules", List.of(new PartitionInfo("rules", 0, node, new Node[] {node}, new Node[] {})));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 2L));
  }

  @Test
  void itReadsToTheEndHoweverLongThatTakesWhileSomethingComes() {
    for (long offset = 0; offset < 2; offset++) {
      long next = offset;
      consumer.schedulePollTask(
          () -> {
            nowNanos += Duration.ofSeconds(14).toNanos();
            add(next);
          });
    }

    readToEnd();

    assertThat(read).containsExactly(0L, 1L);
  }

  @Test
  void aBrokerThatWentAwayIsGivenUpOn() {
    consumer.schedulePollTask(() -> add(0));
    consumer.schedulePollTask(() -> nowNanos += Duration.ofSeconds(15).toNanos());

    CommandFailure failure = catchThrowableOfType(CommandFailure.class, this::readToEnd);

    assertThat(failure)
        .hasMessage(
            "Kafka does not answer: nothing more of rules came for 15 s, 1 offsets before its end");
    assertThat(failure.hint()).contains("are all brokers running? ./weir topics check asks them");
  }

  @Test
  void aReaderThatCannotGoToTheEndIsClosed() {
    RuntimeException surprise = new IllegalStateException("surprise");
    MockConsumer<byte @Nullable [], byte @Nullable []> failing =
        new MockConsumer<>("earliest") {
          @Override
          public synchronized void seekToEnd(Collection<TopicPartition> partitions) {
            throw surprise;
          }
        };
    Node node = new Node(0, "host", 1);
    failing.updatePartitions(
        "decisions",
        List.of(new PartitionInfo("decisions", 0, node, new Node[] {node}, new Node[] {})));
    failing.updateBeginningOffsets(Map.of(new TopicPartition("decisions", 0), 0L));
    TopicReader reader = new TopicReader(failing, "decisions");

    assertThatThrownBy(() -> TopicReader.atEnd(reader)).isSameAs(surprise);
    assertThat(failing.closed()).isTrue();
  }

  private void readToEnd() {
    try (TopicReader reader = new TopicReader(consumer, "rules", () -> nowNanos)) {
      reader.readToEnd(record -> read.add(record.offset()));
    }
  }

  private void add(long offset) {
    consumer.addRecord(new ConsumerRecord<>("rules", 0, offset, null, new byte[0]));
  }
}
