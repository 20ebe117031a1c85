package io.weir.streams.topology;

import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.streams.store.BeforeCommit;
import io.weir.streams.store.CacheShares;
import io.weir.streams.store.LimitStoreBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    if (parts.sharedState().isPresent()) {
      return judgingInSharedState(builder, requests, parts.sharedState().get());
    }
    boolean isRekeyed = parts.settings().input() instanceof InputKeying.Any;
    boolean findsDuplicates = parts.settings().duplicates().isPresent();
    // By name: a store that two suppliers bring with them does not bring them into one task.
    List<String> rows = new ArrayList<>(List.of(TopologyNames.LIMITS_STORE));
    List<String> joins = new ArrayList<>(List.of(TopologyNames.JOINS_STORE));
    builder.addStateStore(limitStore());
    builder.addStateStore(joinStore());
    if (findsDuplicates) {
      rows.add(TopologyNames.DUPLICATES_STORE);
      joins.add(TopologyNames.JOINED_DUPLICATES_STORE);
      builder.addStateStore(duplicateStore(TopologyNames.DUPLICATES_STORE));
      builder.addStateStore(duplicateStore(TopologyNames.JOINED_DUPLICATES_STORE));
    }
    String requestProcessor = isRekeyed ? TopologyNames.MATCH : TopologyNames.MATCH_AND_JUDGE;
    KStream<byte[], byte[]> matched =
        isRekeyed
            ? requests.process(this::matchingProcessor, Named.as(requestProcessor))
            : requests.process(this::judgingProcessor, Named.as(requestProcessor), names(rows));
    KStream<byte[], byte[]> checks =
        matched.repartition(rekeyed(TopologyNames.CHECKS, checkPartitions()));
    KStream<byte[], byte[]> releases =
        builder.stream(
            parts.settings().topics().releases(),
            Consumed.with(BYTES, BYTES)
                .withName(TopologyNames.RELEASES_SOURCE)
                // Their time is the broker's; that of the requests must not be moved by it.
                .withTimestampExtractor((record, partitionMillis) -> 0));
    KStream<byte[], byte[]> answers =
        checks
            .merge(releases, Named.as(TopologyNames.CHECKS_AND_RELEASES))
            .process(
                () -> new LimitProcessor(parts, isRekeyed),
                Named.as(TopologyNames.JUDGE),
                names(rows))
            .repartition(rekeyed(TopologyNames.LIMIT_ANSWERS, checkPartitions()));
    if (findsDuplicates) {
      // With as many partitions as the answers, which meet their request by the same key.
      KStream<byte[], byte[]> severals =
          matched.repartition(rekeyed(TopologyNames.REQUEST_CHECKS, checkPartitions()));
      answers = answers.merge(severals, Named.as(TopologyNames.REQUESTS_AND_ANSWERS));
    }
    answers.process(() -> new JoinProcessor(parts), Named.as(TopologyNames.JOIN), names(joins));
    Topology topology = builder.build();
    addSinks(topology, requestProcessor);
    if (findsDuplicates) {
      // By the name that the DSL has for it: so it is known to be the internal topic.
      topology.addSink(
          TopologyNames.FIRST_CHECKS_SINK,
          TopologyNames.CHECKS + "-repartition",
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          TopologyNames.JOIN);
    }
    addRules(topology);
    return topology;
  }

  /** One step, and nothing between: all that a request needs is asked for from where it comes. */
  private Topology judgingInSharedState(
      StreamsBuilder builder, KStream<byte[], byte[]> requests, SharedState state) {
    builder.addStateStore(BeforeCommit.builder(TopologyNames.BEFORE_COMMIT_STORE));
    requests.process(
        () ->
            new RequestProcessor(
                parts,
                TopologyNames.ANSWERS_SINK,
                (context, decisions) -> {
                  JudgeInSharedState judge =
                      new JudgeInSharedState(context, decisions, state, parts.settings());
                  BeforeCommit beforeCommit =
                      context.getStateStore(TopologyNames.BEFORE_COMMIT_STORE);
                  beforeCommit.run(context, judge::sendAll);
                  return judge;
                }),
        Named.as(TopologyNames.MATCH_AND_JUDGE),
        TopologyNames.BEFORE_COMMIT_STORE);
    Topology topology = builder.build();
    addRequestSinks(topology, TopologyNames.MATCH_AND_JUDGE);
    addRules(topology);
    return topology;
  }

  private OptionalInt checkPartitions() {
    return parts.settings().input() instanceof InputKeying.ByIdentifier keyed
        ? OptionalInt.of(keyed.partitions())
        : ((InputKeying.Any) parts.settings().input()).partitions();
  }

  private static Repartitioned<byte[], byte[]> rekeyed(String name, OptionalInt partitions) {
    Repartitioned<byte[], byte[]> rekeyed =
        Repartitioned.<byte[], byte[]>as(name).withKeySerde(BYTES).withValueSerde(BYTES);
    return partitions.isPresent() ? rekeyed.withNumberOfPartitions(partitions.getAsInt()) : rekeyed;
  }

  /** Matches requests and sends their checks to the partitions of their identifiers. */
  private Processor<byte[], byte[], byte[], byte[]> matchingProcessor() {
    LimitChecks checks = new LimitChecks(parts.algorithms());
    return new RequestProcessor(
        parts,
        TopologyNames.ANSWERS_SINK,
        (context, decisions) ->
            new CheckSender(context, parts.serdes(), checks, TopologyNames.CHECKS_OUT));
  }

  /** Matches requests and judges those with one identifier where they are. */
  private Processor<byte[], byte[], byte[], byte[]> judgingProcessor() {
    LimitChecks checks = new LimitChecks(parts.algorithms());
    return new RequestProcessor(
        parts,
        TopologyNames.ANSWERS_SINK,
        (context, decisions) ->
            new JudgeInPlace(
                parts.singleRequests(context, decisions),
                new ExpirySteps(context, parts),
                new CheckSender(context, parts.serdes(), checks, TopologyNames.CHECKS_OUT)));
  }

  private static String[] names(List<String> stores) {
    return stores.toArray(String[]::new);
  }

  private StoreBuilder<?> limitStore() {
    StoredLimitCodec codec = new StoredLimitCodec(parts.algorithms());
    long cacheBytes = parts.settings().cacheBytes();
    Optional<CacheShares> cache =
        cacheBytes == 0 ? Optional.empty() : Optional.of(new CacheShares(cacheBytes));
    return switch (parts.settings().store()) {
      case ROCKS_DB -> LimitStoreBuilder.rocksDb(TopologyNames.LIMITS_STORE, codec, cache);
      case MEMORY -> LimitStoreBuilder.inMemory(TopologyNames.LIMITS_STORE, codec, cache);
    };
  }

  private StoreBuilder<?> joinStore() {
    return Stores.keyValueStoreBuilder(
            switch (parts.settings().store()) {
              case ROCKS_DB -> Stores.persistentKeyValueStore(TopologyNames.JOINS_STORE);
              case MEMORY -> Stores.inMemoryKeyValueStore(TopologyNames.JOINS_STORE);
            },
            Serdes.Bytes(),
            Serdes.ByteArray())
        .withCachingDisabled();
  }

  /** In memory, which its bounds are for. */
  private static StoreBuilder<?> duplicateStore(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
        .withCachingDisabled();
  }

  private void addRequestSinks(Topology topology, String requestProcessor) {
    Serializer<byte[]> bytes = new ByteArraySerializer();
    TopologyTopics topics = parts.settings().topics();
    topology.addSink(
        TopologyNames.ANSWERS_SINK, topics.decisions(), bytes, bytes, requestProcessor);
    topology.addSink(
        TopologyNames.DEAD_LETTERS_SINK, topics.deadLetters(), bytes, bytes, requestProcessor);
  }

  private void addSinks(Topology topology, String requestProcessor) {
    addRequestSinks(topology, requestProcessor);
    Serializer<byte[]> bytes = new ByteArraySerializer();
    TopologyTopics topics = parts.settings().topics();
    topology.addSink(
        TopologyNames.DECISIONS_SINK, topics.decisions(), bytes, bytes, TopologyNames.JUDGE);
    topology.addSink(
        TopologyNames.JOINED_DECISIONS_SINK, topics.decisions(), bytes, bytes, TopologyNames.JOIN);
    topology.addSink(
        TopologyNames.RELEASES_SINK, topics.releases(), bytes, bytes, TopologyNames.JOIN);
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
