package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.cli.TopicReader;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchCommandTest {

  @Test
  void aReaderThatCannotGoToTheEndIsClosed() {
    RuntimeException surprise = new IllegalStateException("surprise");
    MockConsumer<byte @Nullable [], byte @Nullable []> consumer =
        new MockConsumer<>("earliest") {
          @Override
          public synchronized void seekToEnd(Collection<TopicPartition> partitions) {
            throw surprise;
          }
        };
    Node node = new Node(0, "host", 1);
    consumer.updatePartitions(
        "decisions",
        List.of(new PartitionInfo("decisions", 0, node, new Node[] {node}, new Node[] {})));
    consumer.updateBeginningOffsets(Map.of(new TopicPartition("decisions", 0), 0L));
    TopicReader reader = new TopicReader(consumer, "decisions");

    assertThatThrownBy(() -> WatchCommand.atEnd(reader)).isSameAs(surprise);
    assertThat(consumer.closed()).isTrue();
  }
}
