package io.weir.streams.testkit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.OnceBackend;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.Decision;
import io.weir.schemas.HoldRelease;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.RequestEvent;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.store.BoundedRocksDbConfig;
import io.weir.streams.store.ExpirySettings;
import io.weir.streams.store.ExpiryShares;
import io.weir.streams.store.LimitStore;
import io.weir.streams.topology.RetryPause;
import io.weir.streams.topology.RulesView;
import io.weir.streams.topology.SharedState;
import io.weir.streams.topology.TopologyMetrics;
import io.weir.streams.topology.TopologyNames;
import io.weir.streams.topology.TopologyParts;
import io.weir.streams.topology.TopologySettings;
import io.weir.streams.topology.WeirSerdes;
import io.weir.streams.topology.WeirTopology;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The topology on a TopologyTestDriver, at the level of records: what {@link WeirTestKit} stands
 * on, for tests of the topology itself. For one thread.
 */
public final class WeirDriver implements AutoCloseable {
  /** The time at which tests begin: the start of a year, so of every window. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final String APPLICATION_ID = "weir-test";

  /** What a step of expiry does must not depend on how fast the machine is. */
  private static final ExpirySettings UNTIMED_EXPIRY =
      new ExpirySettings(
          ExpirySettings.DEFAULT.interval(), ExpirySettings.DEFAULT.maxRows(), Duration.ofDays(1));

  private final Setup setup;
  private final KitClock clock = new KitClock(START);
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final RulesView rules = new RulesView();
  private final RulesConverter converter;
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> requests;
  private final TestInputTopic<byte[], byte[]> ruleRecords;
  private final TestOutputTopic<String, Decision> decisions;
  private final TestOutputTopic<byte[], byte[]> deadLetters;
  private final TestOutputTopic<String, byte[]> changelog;
  private final TestInputTopic<byte[], byte[]> answers;
  private final TestOutputTopic<String, HoldRelease> releases;
  private final TestOutputTopic<String, byte[]> joinsChangelog;

  private WeirDriver(Setup setup) {
    this.setup = setup;
    this.converter = new RulesConverter(setup.algorithms());
    TopologySettings settings = setup.settings();
    TopologyParts parts =
        new TopologyParts(
            settings,
            setup.serdes(),
            setup.algorithms(),
            rules,
            new TopologyMetrics(meters),
            ExpiryShares.onCallersThread(),
            clock,
            setup.registryRetry(),
            setup.sharedState());
    driver =
        new TopologyTestDriver(new WeirTopology(parts).build(), properties(setup), clock.instant());
    requests = driver.createInputTopic(settings.topics().requests(), bytes(), bytes());
    ruleRecords = driver.createInputTopic(settings.topics().rules(), bytes(), bytes());
    decisions =
        driver.createOutputTopic(
            settings.topics().decisions(),
            new StringDeserializer(),
            setup.serdes().decisions().deserializer());
    deadLetters =
        driver.createOutputTopic(
            settings.topics().deadLetters(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    changelog =
        driver.createOutputTopic(
            TopologyNames.limitsChangelog(APPLICATION_ID),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    answers = driver.createInputTopic(TopologyNames.answersTopic(APPLICATION_ID), bytes(), bytes());
    releases =
        driver.createOutputTopic(
            settings.topics().releases(),
            new StringDeserializer(),
            setup.serdes().releases().deserializer());
    joinsChangelog =
        driver.createOutputTopic(
            TopologyNames.joinsChangelog(APPLICATION_ID),
            new StringDeserializer(),
            new ByteArrayDeserializer());
  }

  /** A topology with the default settings, its rows in memory. */
  public static WeirDriver open() {
    return open(setup -> setup);
  }

  /** A topology that is set up differently. */
  public static WeirDriver open(UnaryOperator<Setup> change) {
    return new WeirDriver(
        change.apply(
            new Setup(
                TopologySettings.DEFAULT
                    .withStore(TopologySettings.StoreKind.MEMORY)
                    .withExpiry(UNTIMED_EXPIRY),
                WeirSerdes.from(AvroSerdes.over(new InProcessSchemaRegistryClient())),
                Algorithms.standard(),
                attempt -> {
                  throw new AssertionError("the registry of a test is always there");
                },
                Optional.empty(),
                Optional.empty())));
  }

  /**
   * How a topology is set up.
   *
   * @param settings what can be set
   * @param serdes the serdes of the topics
   * @param algorithms the algorithms that rules can name
   * @param registryRetry the pause while the registry is down
   * @param stateDir where rows are kept that are kept on disk
   * @param sharedState what requests are judged by, if not by rows of the topology
   */
  public record Setup(
      TopologySettings settings,
      WeirSerdes serdes,
      Algorithms algorithms,
      RetryPause registryRetry,
      Optional<Path> stateDir,
      Optional<SharedState> sharedState) {

    /** This with other settings. */
    public Setup settings(UnaryOperator<TopologySettings> change) {
      return new Setup(
          change.apply(settings), serdes, algorithms, registryRetry, stateDir, sharedState);
    }

    /** This with other serdes. */
    public Setup serdes(WeirSerdes newSerdes) {
      return new Setup(settings, newSerdes, algorithms, registryRetry, stateDir, sharedState);
    }

    /** This with other algorithms. */
    public Setup algorithms(Algorithms newAlgorithms) {
      return new Setup(settings, serdes, newAlgorithms, registryRetry, stateDir, sharedState);
    }

    /** This with another pause while the registry is down. */
    public Setup registryRetry(RetryPause newRetry) {
      return new Setup(settings, serdes, algorithms, newRetry, stateDir, sharedState);
    }

    /** This with rows on disk. */
    public Setup rocksDb(Path directory) {
      return new Setup(
          settings.withStore(TopologySettings.StoreKind.ROCKS_DB),
          serdes,
          algorithms,
          registryRetry,
          Optional.of(directory),
          sharedState);
    }

    /** This with state that is not kept by the topology. */
    public Setup sharedState(OnceBackend backend) {
      return new Setup(
          settings,
          serdes,
          algorithms,
          registryRetry,
          stateDir,
          Optional.of(new SharedState(backend, 10_000, Duration.ofSeconds(10), decision -> {})));
    }
  }

  /** Puts rules onto the rules topic. */
  public void rules(DomainRules domainRules) {
    byte[] value =
        setup
            .serdes()
            .rules()
            .serializer()
            .serialize(
                setup.settings().topics().rules(),
                converter.toRecord(domainRules, Optional.empty()));
    rulesBytes(utf8(domainRules.domain()), value);
  }

  /** Puts a tombstone for a domain onto the rules topic. */
  public void deleteRules(String domain) {
    rulesBytes(utf8(domain), null);
  }

  /** Puts any bytes onto the rules topic. */
  public void rulesBytes(byte @Nullable [] key, byte @Nullable [] value) {
    ruleRecords.pipeInput(key, value);
  }

  /** The rules that the topology judges by. */
  public RuleSet rulesInForce() {
    return rules.current();
  }

  /** Puts a request onto the requests topic, without key. */
  public void request(RequestEvent event, Instant time) {
    request(null, event, time);
  }

  /** Puts a request onto the requests topic. */
  public void request(@Nullable String key, RequestEvent event, Instant time) {
    byte[] value =
        setup
            .serdes()
            .requests()
            .serializer()
            .serialize(setup.settings().topics().requests(), event);
    requestBytes(key == null ? null : utf8(key), value, new RecordHeaders(), time);
  }

  /** Puts any bytes onto the requests topic. */
  public void requestBytes(
      byte @Nullable [] key, byte @Nullable [] value, Headers headers, Instant time) {
    requests.pipeInput(new TestRecord<>(key, value, headers, time));
  }

  /** The wall clock. */
  public Instant wallClock() {
    return clock.instant();
  }

  /** Sets the wall clock; expiry runs when it goes forward. */
  public void wallClock(Instant time) {
    Duration step = Duration.between(clock.instant(), time);
    if (!step.isNegative() && !step.isZero()) {
      clock.advanceTo(time);
      driver.advanceWallClockTime(step);
    }
  }

  /** The decisions since the last call. */
  public List<TestRecord<String, Decision>> decisions() {
    return decisions.readRecordsToList();
  }

  /** The dead letters since the last call. */
  public List<TestRecord<byte[], byte[]>> deadLetters() {
    return deadLetters.readRecordsToList();
  }

  /** What was written to the changelog of the rows since the last call. */
  public List<TestRecord<String, byte[]>> changelog() {
    return changelog.readRecordsToList();
  }

  /**
   * Puts an answer onto the internal topic where those to requests with several identifiers meet,
   * as if another instance had sent it.
   */
  public void answer(String joinKey, LimitAnswer answer, Instant time) {
    byte[] value =
        setup
            .serdes()
            .answers()
            .serializer()
            .serialize(TopologyNames.answersTopic(APPLICATION_ID), answer);
    answers.pipeInput(new TestRecord<>(utf8(joinKey), value, time));
  }

  /** The releases since the last call. */
  public List<TestRecord<String, HoldRelease>> releases() {
    return releases.readRecordsToList();
  }

  /** What was written to the changelog of the joins since the last call. */
  public List<TestRecord<String, byte[]>> joinsChangelog() {
    return joinsChangelog.readRecordsToList();
  }

  /** How many requests with several identifiers are being joined. */
  public long joins() {
    return driver
        .<Bytes, byte[]>getKeyValueStore(TopologyNames.JOINS_STORE)
        .approximateNumEntries();
  }

  /** The rows. */
  public LimitStore store() {
    return (LimitStore) driver.getStateStore(TopologyNames.LIMITS_STORE);
  }

  /** What was counted. */
  public MeterRegistry meters() {
    return meters;
  }

  /** What this was set up with. */
  public Setup setup() {
    return setup;
  }

  @Override
  public void close() {
    driver.close();
  }

  private static Properties properties(Setup setup) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    properties.put(
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDbConfig.class.getName());
    setup
        .stateDir()
        .ifPresent(dir -> properties.put(StreamsConfig.STATE_DIR_CONFIG, dir.toString()));
    return properties;
  }

  private static ByteArraySerializer bytes() {
    return new ByteArraySerializer();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
