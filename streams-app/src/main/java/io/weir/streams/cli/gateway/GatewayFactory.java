package io.weir.streams.cli.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.rule.RulesException;
import io.weir.streams.app.ApplicationMetrics;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.RedisBySettings;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.cli.rules.RulesTopic;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.gateway.Checks;
import io.weir.streams.gateway.DecisionListener;
import io.weir.streams.gateway.DecisionReporter;
import io.weir.streams.gateway.Door;
import io.weir.streams.gateway.DoorMetrics;
import io.weir.streams.gateway.Gateway;
import io.weir.streams.gateway.GatewayMetrics;
import io.weir.streams.gateway.GatewayReadiness;
import io.weir.streams.gateway.GatewayRoutes;
import io.weir.streams.gateway.GatewayRules;
import io.weir.streams.gateway.OutageLog;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.gateway.TopicRules;
import io.weir.streams.gateway.WatchedRules;
import io.weir.streams.gateway.decisions.DecisionLog;
import io.weir.streams.gateway.envoy.EnvoyDoor;
import io.weir.streams.gateway.envoy.EnvoyDoorException;
import io.weir.streams.gateway.envoy.EnvoyDoorSettings;
import io.weir.streams.gateway.envoy.TlsFiles;
import io.weir.streams.query.HttpDoor;
import io.weir.streams.query.HttpSettings;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.serde.Backoff;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.topology.RequestValidator;
import io.weir.streams.topology.RulesLoader;
import io.weir.streams.topology.RulesMetrics;
import io.weir.streams.topology.StoppablePause;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Puts the gateway together as the settings say. */
public final class GatewayFactory {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Backoff REGISTRY_RETRY = new Backoff(100, 10_000);

  /** Gateways are asked over connections that are kept: more than people make. */
  private static final int MAX_CONNECTIONS = 1_024;

  /**
   * Proxies hand on what clients send, of which 60 KiB is much. With so many connections it may be
   * in memory a thousand times; longer requests have a body.
   */
  private static final int MAX_HEADER_BYTES = 64 * 1024;

  private static final int MAX_THREADS = 32;
  private static final int ANSWERING_THREADS = 16;
  private static final int IDLE_SECONDS = 60;

  private GatewayFactory() {}

  /**
   * The gateway, not started; who closes it has closed everything.
   *
   * @throws CommandFailure if the rules file makes no sense, Redis refuses the connection, the
   *     settings of the registry are wrong, or a certificate cannot be used
   * @throws org.apache.kafka.common.KafkaException if Kafka's settings make no client
   */
  public static Gateway create(Settings settings) {
    StopSignal stop = new StopSignal();
    StopTime stopTime = StopTime.of(settings.get(WeirSettings.SHUTDOWN_TIMEOUT));
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Deque<Runnable> made = new ArrayDeque<>();
    try {
      GatewayRules rules = rules(settings, new RulesMetrics(registry), stop);
      made.push(rules::close);
      RedisRateLimiter limiter = limiter(settings, rules);
      made.push(limiter::close);
      Optional<DecisionLog> decisionLog = DecisionLogFactory.start(settings, stopTime, registry);
      decisionLog.ifPresent(log -> made.push(log::close));
      return gateway(settings, registry, rules, limiter, decisionLog, stop, stopTime);
    } catch (RuntimeException e) {
      made.forEach(Runnable::run);
      throw e;
    }
  }

  private static Gateway gateway(
      Settings settings,
      PrometheusMeterRegistry registry,
      GatewayRules rules,
      RedisRateLimiter limiter,
      Optional<DecisionLog> decisionLog,
      StopSignal stop,
      StopTime stopTime) {
    GatewayReadiness readiness = new GatewayReadiness(rules);
    DecisionReporter reporter =
        new DecisionReporter(
            new GatewayMetrics(registry, settings.get(WeirSettings.METRICS_LABELS_MAX), rules),
            listeners(decisionLog));
    DoorMetrics doorMetrics = new DoorMetrics(registry);
    List<Door> doors = doors(settings, stopTime, limiter, reporter, doorMetrics);
    Checks checks = new Checks(readiness, limiter, reporter);
    ThreadPoolExecutor answering = answering();
    ObjectMapper mapper = new ObjectMapper();
    HttpSettings http =
        new HttpSettings(
            settings.get(WeirSettings.HTTP_HOST),
            settings.get(WeirSettings.HTTP_PORT),
            MAX_THREADS,
            MAX_CONNECTIONS,
            MAX_HEADER_BYTES,
            HttpSettings.DEFAULT_BODY_TIMEOUT,
            settings.get(WeirSettings.QUERY_TIMEOUT));
    return new Gateway(
        http,
        new HttpDoor(
            http,
            new GatewayRoutes(
                    checks,
                    rules,
                    limiter::inspect,
                    decisionLog.map(log -> log::trouble),
                    registry,
                    answering,
                    InstantSource.system(),
                    settings.get(WeirSettings.TIMESTAMP_TOLERANCE))
                .routes(mapper),
            mapper,
            doorMetrics::http),
        rules,
        doors,
        readiness,
        behind(limiter, decisionLog, answering, new ApplicationMetrics(registry)),
        stop);
  }

  /** Who is told of each decision, beside the metrics. */
  private static List<DecisionListener> listeners(Optional<DecisionLog> decisionLog) {
    List<DecisionListener> listeners = new ArrayList<>();
    listeners.add(new OutageLog("The gateway", System::nanoTime));
    decisionLog.ifPresent(listeners::add);
    return listeners;
  }

  /** The limiter first: what it still decides is written, too. */
  private static List<AutoCloseable> behind(
      RedisRateLimiter limiter,
      Optional<DecisionLog> decisionLog,
      ThreadPoolExecutor answering,
      ApplicationMetrics metrics) {
    List<AutoCloseable> behind = new ArrayList<>();
    behind.add(limiter);
    decisionLog.ifPresent(behind::add);
    behind.add(answering::shutdownNow);
    behind.add(metrics);
    return behind;
  }

  /** The doors beside HTTP. */
  private static List<Door> doors(
      Settings settings,
      StopTime stopTime,
      RedisRateLimiter limiter,
      DecisionReporter reporter,
      DoorMetrics metrics) {
    EnvoyDoorSettings envoy =
        EnvoyDoorSettings.of(
            settings.get(WeirSettings.GRPC_HOST),
            settings.get(WeirSettings.GRPC_PORT),
            // The settings have both of them or none.
            settings
                .get(WeirSettings.GRPC_TLS_CERTIFICATE)
                .flatMap(
                    certificate ->
                        settings
                            .get(WeirSettings.GRPC_TLS_KEY)
                            .map(
                                key ->
                                    new TlsFiles(
                                        certificate,
                                        key,
                                        settings.get(WeirSettings.GRPC_TLS_CLIENT_CA)))),
            settings.get(WeirSettings.GRPC_RESPONSE_HEADERS),
            settings.get(WeirSettings.GRPC_MAX_CONNECTIONS),
            settings.get(WeirSettings.GRPC_CONNECTION_MAX_AGE));
    try {
      return List.of(new EnvoyDoor(envoy, stopTime, limiter, reporter, metrics));
    } catch (EnvoyDoorException e) {
      throw new CommandFailure(
          String.valueOf(e.getMessage()), "docs/envoy.md says what the files must be", e);
    }
  }

  private static GatewayRules rules(Settings settings, RulesMetrics metrics, StopSignal stop) {
    Optional<Path> file = settings.get(WeirSettings.GATEWAY_RULES_FILE);
    if (file.isEmpty()) {
      return new TopicRules(
          settings.get(WeirSettings.TOPIC_RULES),
          () -> consumer(settings),
          () ->
              new RulesLoader(
                  ValueSerdes.patient(settings, stop).forValues(io.weir.schemas.DomainRules.class),
                  // As run reads it: what is on the topic stays in force when the setting is
                  // lowered.
                  new RulesConverter(Algorithms.standard(SlidingWindowLog.LARGEST_MAX_ENTRIES)),
                  metrics,
                  new StoppablePause(REGISTRY_RETRY, stop)),
          stop);
    }
    try {
      return new WatchedRules(file.get(), RulesTopic.reader(settings), metrics, BETWEEN_LOOKS);
    } catch (RulesException e) {
      throw new CommandFailure(
          String.join("\n", e.problems()),
          "gateway.rules.file names the rules; ./weir rules validate checks them",
          e);
    }
  }

  private static Consumer<byte @Nullable [], byte @Nullable []> consumer(Settings settings) {
    Map<String, Object> properties = new HashMap<>(settings.consumerProperties());
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(
        ConsumerConfig.CLIENT_ID_CONFIG,
        settings.get(WeirSettings.APPLICATION_ID) + "-gateway-rules");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static RedisRateLimiter limiter(Settings settings, GatewayRules rules) {
    return RedisBySettings.connect(
        settings,
        rules::current,
        builder -> builder.refuse(RequestValidator::refusal).build(),
        RedisRateLimiter::inspect);
  }

  private static ThreadPoolExecutor answering() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            ANSWERING_THREADS,
            ANSWERING_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "weir-answer-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
