package io.weir.streams.topology;

import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.streams.store.LimitStoreBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Wires the topology: requests in, decisions and dead letters out, rules from the side.
 *
 * <p>Records travel as bytes and the processors decode and encode them, so that every failure to do
 * so is met in one place. The hop is the DSL's {@code repartition}, because only topics that it
 * makes are purged; sinks and the global store are added by their names.
 */
public final class WeirTopology {
  private static final Serde<byte[]> BYTES = Serdes.ByteArray();

  private final TopologyParts parts;

  /** A topology made of the given parts. */
  public WeirTopology(TopologyParts parts) {
    this.parts = parts;
  }

  /** Builds the topology. */
  public Topology build() {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<byte[], byte[]> requests =
        builder.stream(
            parts.settings().topics().requests(),
            Consumed.with(BYTES, BYTES)
                .withName(TopologyNames.REQUESTS_SOURCE)
                .withTimestampExtractor(
                    new RequestTimestamps(parts.clock(), parts.settings().futureTolerance())));
    String requestProcessor;
    if (parts.settings().input() instanceof InputKeying.Any any) {
      requestProcessor = TopologyNames.MATCH;
      rekeyAndJudge(requests, any);
    } else {
      requestProcessor = TopologyNames.MATCH_AND_JUDGE;
      judgeInPlace(requests);
    }
    Topology topology = builder.build();
    addSinks(topology, requestProcessor);
    addRules(topology);
    return topology;
  }

  private void rekeyAndJudge(KStream<byte[], byte[]> requests, InputKeying.Any any) {
    Repartitioned<byte[], byte[]> rekeyed =
        Repartitioned.<byte[], byte[]>as(TopologyNames.CHECKS)
            .withKeySerde(BYTES)
            .withValueSerde(BYTES);
    if (any.partitions().isPresent()) {
      rekeyed = rekeyed.withNumberOfPartitions(any.partitions().getAsInt());
    }
    requests
        .process(this::matchingProcessor, Named.as(TopologyNames.MATCH))
        .repartition(rekeyed)
        .process(withLimitStore(() -> new LimitProcessor(parts)), Named.as(TopologyNames.JUDGE));
  }

  private void judgeInPlace(KStream<byte[], byte[]> requests) {
    requests.process(
        withLimitStore(this::judgingProcessor), Named.as(TopologyNames.MATCH_AND_JUDGE));
  }

  /** Matches requests and sends their checks to the partitions of their identifiers. */
  private Processor<byte[], byte[], byte[], byte[]> matchingProcessor() {
    LimitChecks checks = new LimitChecks(parts.algorithms());
    return new RequestProcessor(
        parts,
        TopologyNames.ANSWERS_SINK,
        (context, decisions) ->
            (check, timestampMillis) -> rekey(context, checks, check, timestampMillis));
  }

  private void rekey(
      ProcessorContext<byte[], byte[]> context,
      LimitChecks checks,
      RequestCheck check,
      long timestampMillis) {
    String topic = TopologyNames.checksTopic(context.applicationId());
    RecordHeaders headers = new RecordHeaders();
    byte[] value =
        parts.serdes().checks().serializer().serialize(topic, headers, checks.toRecord(check));
    byte[] key = check.identifier().getBytes(StandardCharsets.UTF_8);
    context.forward(new Record<>(key, value, timestampMillis, headers), TopologyNames.CHECKS_OUT);
  }

  /** Matches requests and judges them where they are. */
  private Processor<byte[], byte[], byte[], byte[]> judgingProcessor() {
    return new RequestProcessor(
        parts,
        TopologyNames.ANSWERS_SINK,
        (context, decisions) ->
            new JudgeInPlace(
                new LimitJudge(context, parts.settings(), parts.metrics()), decisions));
  }

  private ProcessorSupplier<byte[], byte[], byte[], byte[]> withLimitStore(
      ProcessorSupplier<byte[], byte[], byte[], byte[]> processors) {
    StoreBuilder<?> store = limitStore();
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], byte[], byte[], byte[]> get() {
        return processors.get();
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(store);
      }
    };
  }

  private StoreBuilder<?> limitStore() {
    StoredLimitCodec codec = new StoredLimitCodec(parts.algorithms());
    return switch (parts.settings().store()) {
      case ROCKS_DB -> LimitStoreBuilder.rocksDb(TopologyNames.LIMITS_STORE, codec);
      case MEMORY -> LimitStoreBuilder.inMemory(TopologyNames.LIMITS_STORE, codec);
    };
  }

  private void addSinks(Topology topology, String requestProcessor) {
    Serializer<byte[]> bytes = new ByteArraySerializer();
    TopologyTopics topics = parts.settings().topics();
    topology.addSink(
        TopologyNames.ANSWERS_SINK, topics.decisions(), bytes, bytes, requestProcessor);
    topology.addSink(
        TopologyNames.DEAD_LETTERS_SINK, topics.deadLetters(), bytes, bytes, requestProcessor);
    if (requestProcessor.equals(TopologyNames.MATCH)) {
      topology.addSink(
          TopologyNames.DECISIONS_SINK, topics.decisions(), bytes, bytes, TopologyNames.JUDGE);
    }
  }

  /** In memory, because only then the processor sees all records again at each start. */
  private void addRules(Topology topology) {
    topology.addGlobalStore(
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(TopologyNames.RULES_STORE),
                Serdes.Bytes(),
                Serdes.ByteArray())
            .withLoggingDisabled(),
        TopologyNames.RULES_SOURCE,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        parts.settings().topics().rules(),
        TopologyNames.RULES_PROCESSOR,
        () -> new RulesProcessor(parts));
  }
}
