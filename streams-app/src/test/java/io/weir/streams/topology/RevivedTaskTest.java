package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.store.ExpiryShares;
import io.weir.streams.store.LimitStoreBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/**
 * Kafka Streams closes a corrupted task's processors and initializes the same ones again, and keeps
 * what they have scheduled.
 */
class RevivedTaskTest {
  private final TopologyMetrics metrics = new TopologyMetrics(new SimpleMeterRegistry());
  private final TopologyParts parts =
      new TopologyParts(
          TopologySettings.DEFAULT,
          WeirSerdes.from(AvroSerdes.over(new InProcessSchemaRegistryClient())),
          Algorithms.standard(),
          new RulesView(),
          metrics,
          ExpiryShares.onCallersThread(),
          InstantSource.system(),
          attempt -> {});
  private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();

  @Test
  void expiryOfTheJudgeGoesOnOnce() {
    assertOneExpiryAfterARevival(new LimitProcessor(parts, true));
  }

  @Test
  void expiryOfTheProcessorThatMatchesAndJudgesGoesOnOnce() {
    assertOneExpiryAfterARevival(
        new RequestProcessor(
            parts,
            TopologyNames.ANSWERS_SINK,
            (taskContext, decisions) ->
                new JudgeInPlace(
                    parts.singleRequests(taskContext, decisions),
                    new ExpirySteps(taskContext, parts),
                    (check, timestampMillis) -> {
                      throw new AssertionError("it has one identifier");
                    })));
  }

  @Test
  void timeOutsOfJoinsGoOnOnce() {
    context.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(TopologyNames.JOINS_STORE),
                Serdes.Bytes(),
                Serdes.ByteArray())
            .build());
    context.setCurrentSystemTimeMs(1_000);
    assertOnePunctuatorAfterARevival(new JoinProcessor(parts));
  }

  private void assertOneExpiryAfterARevival(Processor<byte[], byte[], byte[], byte[]> processor) {
    context.addStateStore(
        LimitStoreBuilder.inMemory(
                TopologyNames.LIMITS_STORE,
                new StoredLimitCodec(Algorithms.standard()),
                Optional.empty())
            .build());
    assertOnePunctuatorAfterARevival(processor);
  }

  private void assertOnePunctuatorAfterARevival(
      Processor<byte[], byte[], byte[], byte[]> processor) {
    processor.init(context);
    assertThat(live()).hasSize(1);
    processor.close();
    assertThat(live()).isEmpty();
    processor.init(context);
    assertThat(live()).hasSize(1);
  }

  private List<CapturedPunctuator> live() {
    return context.scheduledPunctuators().stream().filter(each -> !each.cancelled()).toList();
  }
}
