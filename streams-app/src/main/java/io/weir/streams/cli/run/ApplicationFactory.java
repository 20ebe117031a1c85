package io.weir.streams.cli.run;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.Judge;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.redis.RedisBackend;
import io.weir.limiter.redis.RedisRateLimiterBuilder;
import io.weir.streams.app.ApplicationSettings;
import io.weir.streams.app.FailureClassifier;
import io.weir.streams.app.LimitsPlace;
import io.weir.streams.app.QueryParts;
import io.weir.streams.app.TopicLayout;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.RedisBySettings;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.config.ProcessingGuarantee;
import io.weir.streams.config.Settings;
import io.weir.streams.config.StatePlace;
import io.weir.streams.config.TopicReplication;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.gateway.OutageLog;
import io.weir.streams.query.HttpSettings;
import io.weir.streams.serde.Backoff;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.store.DuplicateBounds;
import io.weir.streams.store.ExpirySettings;
import io.weir.streams.store.ExpiryShares;
import io.weir.streams.store.NativeLibrary;
import io.weir.streams.topology.HoldSettings;
import io.weir.streams.topology.InputKeying;
import io.weir.streams.topology.RequestValidator;
import io.weir.streams.topology.RulesView;
import io.weir.streams.topology.SharedState;
import io.weir.streams.topology.StaleRequests;
import io.weir.streams.topology.StoppablePause;
import io.weir.streams.topology.TopologyMetrics;
import io.weir.streams.topology.TopologyNames;
import io.weir.streams.topology.TopologyParts;
import io.weir.streams.topology.TopologySettings;
import io.weir.streams.topology.TopologyTopics;
import io.weir.streams.topology.WeirSerdes;
import io.weir.streams.topology.WeirTopology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** Puts the application together as the settings say. */
public final class ApplicationFactory {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Backoff RULES_RETRY = new Backoff(100, 10_000);

  private ApplicationFactory() {}

  /**
   * The application for topics of a single broker that are as they come, not started; who closes it
   * has closed everything.
   *
   * @param requestsPartitions partitions of the requests topic
   */
  public static WeirApplication create(Settings settings, int requestsPartitions) {
    return create(
        settings,
        requestsPartitions,
        TopicReplication.SINGLE,
        TopologySettings.DEFAULT.maxDeadLetterBytes());
  }

  /**
   * The application, not started; who closes it has closed everything.
   *
   * @param requestsPartitions partitions of the requests topic
   * @param requestsReplication how often its records are kept
   * @param maxDeadLetterBytes the largest dead letter that its topic and the producer take
   */
  static WeirApplication create(
      Settings settings,
      int requestsPartitions,
      TopicReplication requestsReplication,
      int maxDeadLetterBytes) {
    RulesView rules = new RulesView();
    if (settings.get(WeirSettings.STATE) == StatePlace.REDIS) {
      RedisBackend redis = redis(settings, rules);
      try {
        return create(
            settings,
            requestsPartitions,
            requestsReplication,
            maxDeadLetterBytes,
            rules,
            Optional.of(redis));
      } catch (RuntimeException e) {
        redis.close();
        throw e;
      }
    }
    NativeLibrary.loadIn(
        settings
            .get(WeirSettings.STATE_DIR)
            .resolve("native")
            .resolve(settings.get(WeirSettings.APPLICATION_ID)));
    return create(
        settings,
        requestsPartitions,
        requestsReplication,
        maxDeadLetterBytes,
        rules,
        Optional.empty());
  }

  private static WeirApplication create(
      Settings settings,
      int requestsPartitions,
      TopicReplication requestsReplication,
      int maxDeadLetterBytes,
      RulesView rules,
      Optional<RedisBackend> redis) {
    InstantSource clock = InstantSource.system();
    TopologySettings topology = topologySettings(settings, requestsPartitions, maxDeadLetterBytes);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    StopSignal stop = new StopSignal();
    TopologyParts parts =
        new TopologyParts(
            topology,
            WeirSerdes.from(ValueSerdes.patient(settings, stop)),
            // The setting bounds what rules apply writes. Rules that are on the topic stay in force
            // when it is lowered: skipping them would allow everything.
            Algorithms.standard(SlidingWindowLog.LARGEST_MAX_ENTRIES),
            rules,
            new TopologyMetrics(registry, settings.get(WeirSettings.METRICS_LABELS_MAX)),
            ExpiryShares.inBackground(),
            clock,
            new StoppablePause(RULES_RETRY, stop),
            redis.map(
                backend ->
                    new SharedState(
                        backend,
                        settings.get(WeirSettings.REDIS_MAX_WAITING),
                        settings.get(WeirSettings.REDIS_TIMEOUT),
                        new OutageLog("The stream", System::nanoTime)::decided)));
    Properties properties = new Properties();
    properties.putAll(settings.streamsProperties(requestsReplication));
    return new WeirApplication(
        new WeirTopology(parts).build(),
        properties,
        new DefaultKafkaClientSupplier(),
        applicationSettings(settings),
        redis.isPresent()
            ? TopicLayout.NONE
            : TopicLayout.of(settings.get(WeirSettings.APPLICATION_ID), topology),
        new QueryParts(
            redis
                .<LimitsPlace>map(backend -> new LimitsPlace.Redis(backend::inspect))
                .orElse(new LimitsPlace.Store(TopologyNames.LIMITS_STORE)),
            rules,
            RequestValidator::refusal,
            new Judge()),
        FailureClassifier.standard(),
        registry,
        stop,
        clock,
        redis.map(List::<AutoCloseable>of).orElse(List.of()));
  }

  private static RedisBackend redis(Settings settings, RulesView rules) {
    return RedisBySettings.connect(
        settings, rules::current, RedisRateLimiterBuilder::buildBackend, RedisBackend::inspect);
  }

  static TopologySettings topologySettings(
      Settings settings, int requestsPartitions, int maxDeadLetterBytes) {
    OptionalInt ofChecks =
        settings
            .get(WeirSettings.REPARTITION_PARTITIONS)
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty());
    return new TopologySettings(
        new TopologyTopics(
            settings.get(WeirSettings.TOPIC_REQUESTS),
            settings.get(WeirSettings.TOPIC_DECISIONS),
            settings.get(WeirSettings.TOPIC_RULES),
            settings.get(WeirSettings.TOPIC_RELEASES),
            settings.get(WeirSettings.TOPIC_DEAD_LETTER)),
        // Where all state is in one place, it does not matter on which partition a request is.
        settings.get(WeirSettings.INPUT_KEYED)
                && settings.get(WeirSettings.STATE) == StatePlace.ROCKSDB
            ? new InputKeying.ByIdentifier(requestsPartitions)
            : new InputKeying.Any(ofChecks),
        settings.get(WeirSettings.LATENESS),
        settings.get(WeirSettings.TIMESTAMP_TOLERANCE),
        new ExpirySettings(
            settings.get(WeirSettings.EXPIRY_INTERVAL),
            settings.get(WeirSettings.EXPIRY_STEP_ROWS),
            settings.get(WeirSettings.EXPIRY_STEP_TIME)),
        TopologySettings.StoreKind.ROCKS_DB,
        settings.get(WeirSettings.STATE_CACHE),
        new HoldSettings(
            settings.get(WeirSettings.JOIN_TIMEOUT),
            settings.get(WeirSettings.HOLD_TIME),
            settings.get(WeirSettings.HOLDS_MAX),
            settings.get(WeirSettings.PROCESSING_GUARANTEE) == ProcessingGuarantee.AT_LEAST_ONCE),
        settings
            .get(WeirSettings.REQUESTS_MAX_AGE)
            .map(
                age -> new StaleRequests(age, settings.get(WeirSettings.REQUESTS_EXPIRED_VERDICT))),
        settings
            .get(WeirSettings.DUPLICATES_HORIZON)
            .map(
                horizon ->
                    new DuplicateBounds(horizon, settings.get(WeirSettings.DUPLICATES_MAX_BYTES))),
        maxDeadLetterBytes);
  }

  private static ApplicationSettings applicationSettings(Settings settings) {
    return new ApplicationSettings(
        HttpSettings.of(
            settings.get(WeirSettings.HTTP_HOST),
            settings.get(WeirSettings.HTTP_PORT),
            settings.get(WeirSettings.QUERY_TIMEOUT)),
        settings.get(WeirSettings.HTTP_ADVERTISED),
        settings.get(WeirSettings.THREAD_FAILURES_MAX),
        settings.get(WeirSettings.THREAD_FAILURES_WINDOW),
        START_TIMEOUT,
        settings.get(WeirSettings.SHUTDOWN_TIMEOUT));
  }
}
