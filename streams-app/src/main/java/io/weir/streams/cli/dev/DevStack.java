package io.weir.streams.cli.dev;

import io.weir.schemas.DomainRules;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.KafkaOptions;
import io.weir.streams.cli.rules.RulesTopic;
import io.weir.streams.cli.run.ApplicationFactory;
import io.weir.streams.cli.topics.ClusterTopics;
import io.weir.streams.cli.topics.TopicSpec;
import io.weir.streams.cli.topics.TopicsApplier;
import io.weir.streams.cli.topics.TopicsFile;
import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.query.Readiness;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;

/**
 * Everything that Weir needs, on this machine alone: broker and registry as child processes,
 * topics, rules, and the application in this process; and, if wanted, Redis and a gateway. What was
 * started is closed in reverse order, also where a later step fails.
 */
final class DevStack implements AutoCloseable {
  private static final Duration READY_TIMEOUT = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 100;

  /** On a machine that is busy with other things the only broker must not be taken for dead. */
  private static final Map<String, String> PATIENT_BROKER =
      Map.of("broker.session.timeout.ms", "600000", "broker.heartbeat.interval.ms", "5000");

  /** What is not written by then is thrown away with everything else. */
  private static final String STOP_TIMEOUT = "10s";

  private final EmbeddedFiles files;
  private final DevRules rules;
  private final int port;
  private final boolean withRedis;
  private final Steps steps;
  private final DevStop stop;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /** Is told what is being done. */
  interface Steps {
    /** Does one step. */
    <T> T step(String what, Supplier<T> work);

    /** Is told what does not go away at the end. */
    void complain(String sentence);
  }

  /**
   * What runs, once it does.
   *
   * @param settings those that every command needs to reach it
   * @param httpPort port of the HTTP door
   * @param broker the broker
   * @param gateway the doors of those who do not wait for a stream, where there is Redis
   */
  record Running(
      Settings settings,
      WeirApplication application,
      int httpPort,
      KafkaProcess broker,
      Optional<DevGateway> gateway) {
    String bootstrapServers() {
      return settings.get(WeirSettings.BOOTSTRAP_SERVERS);
    }

    String registryUrl() {
      return settings.get(WeirSettings.SCHEMA_REGISTRY_URL);
    }
  }

  /**
   * A stack that is not started.
   *
   * @param files the broker, the registry and Redis
   * @param rules the rules
   * @param port port of the HTTP door; 0 for any
   * @param withRedis whether there is a gateway, too, and a Redis for it
   * @param stop is told when a child process ends by itself
   */
  DevStack(
      EmbeddedFiles files, DevRules rules, int port, boolean withRedis, Steps steps, DevStop stop) {
    this.files = files;
    this.rules = rules;
    this.port = port;
    this.withRedis = withRedis;
    this.steps = steps;
    this.stop = stop;
  }

  /**
   * Starts everything; returns when requests are judged. An interruption breaks it off.
   *
   * @throws CommandFailure if something does not start
   */
  Running start() {
    // Both take seconds; the registry starts while the broker does.
    FutureTask<RegistryProcess> starting = new FutureTask<>(() -> RegistryProcess.start(files));
    Thread starter = new Thread(starting, "weir-dev-registry");
    starter.setDaemon(true);
    starter.start();
    started.push(() -> end(starting, starter));
    KafkaProcess kafka = step("Kafka broker", () -> KafkaProcess.start(files, PATIENT_BROKER));
    started.push(kafka);
    kafka.onEndByItself(code -> endedByItself("the broker", code, kafka));
    RegistryProcess registry = step("schema registry", () -> join(starting));
    registry.onEndByItself(code -> endedByItself("the registry", code, registry));
    Map<String, String> given = new HashMap<>(settings(kafka, registry.url()));
    if (withRedis) {
      given.putAll(ofRedis(step("Redis", this::startRedis)));
    }
    Settings settings = SettingsLoader.of(given);
    step("topics of topics.yml", () -> createTopics(settings));
    step("rules of " + rules.source(), () -> applyRules(settings));
    WeirApplication application = step("Weir", () -> startWeir(settings));
    Optional<DevGateway> gateway =
        withRedis ? Optional.of(step("gateway", () -> startGateway(given))) : Optional.empty();
    return new Running(settings, application, application.httpPort(), kafka, gateway);
  }

  private RedisProcess startRedis() {
    RedisProcess redis = RedisProcess.start(files);
    started.push(redis);
    redis.onEndByItself(code -> endedByItself("Redis", code, redis));
    return redis;
  }

  private DevGateway startGateway(Map<String, String> ofStream) {
    Map<String, String> given = new HashMap<>(ofStream);
    given.putAll(ofGateway());
    DevGateway gateway = DevGateway.start(SettingsLoader.of(given));
    started.push(gateway);
    return gateway;
  }

  /** Stops the application, ends the child processes and deletes their files. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        // The rest must go all the same.
        steps.complain(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Not every wait heeds an interruption, so a stop is looked for between the steps too. */
  private <T> T step(String what, Supplier<T> work) {
    throwIfStopped();
    return steps.step(what, work);
  }

  private void throwIfStopped() {
    if (stop.isGiven()) {
      throw new CommandFailure("stopped during the start");
    }
  }

  private void endedByItself(String name, int code, ServerProcess server) {
    stop.fail(
        () ->
            "%s ended by itself with code %d; its log is %s"
                .formatted(name, code, server.keepLog()));
  }

  private static void end(FutureTask<RegistryProcess> starting, Thread starter) {
    starter.interrupt();
    try {
      starting.get().close();
    } catch (ExecutionException e) {
      // It did not start, and has cleaned up.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the registry was ending", e);
    }
  }

  private static RegistryProcess join(FutureTask<RegistryProcess> starting) {
    try {
      return starting.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("the registry cannot be started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while the registry was starting", e);
    }
  }

  private Map<String, String> settings(KafkaProcess kafka, String registryUrl) {
    return Map.of(
        WeirSettings.BOOTSTRAP_SERVERS.name(),
        kafka.bootstrapServers(),
        WeirSettings.SCHEMA_REGISTRY_URL.name(),
        registryUrl,
        // Beside the broker's files, which go with it however this process ends.
        WeirSettings.STATE_DIR.name(),
        kafka.log().resolveSibling("weir-state").toString(),
        WeirSettings.STANDBY_REPLICAS.name(),
        "0",
        WeirSettings.SHUTDOWN_TIMEOUT.name(),
        STOP_TIMEOUT,
        WeirSettings.HTTP_PORT.name(),
        String.valueOf(port));
  }

  /** What is known of Redis: the stream judges by the state there, too, so there is one budget. */
  private static Map<String, String> ofRedis(RedisProcess redis) {
    return Map.of(
        WeirSettings.REDIS_URI.name(),
        redis.uri(),
        WeirSettings.STATE.name(),
        "redis",
        // All of them share the cores of this machine, and start cold.
        WeirSettings.REDIS_TIMEOUT.name(),
        "1s");
  }

  /** What only the gateway is told. */
  private static Map<String, String> ofGateway() {
    return Map.of(
        WeirSettings.HTTP_PORT.name(),
        "0",
        WeirSettings.GRPC_PORT.name(),
        "0",
        WeirSettings.GATEWAY_DECISIONS.name(),
        "true");
  }

  private static int createTopics(Settings settings) {
    List<TopicSpec> topics =
        TopicsFile.bundled().stream().map(topic -> topic.withReplicas(1)).toList();
    try (Admin admin = KafkaOptions.admin(settings)) {
      new TopicsApplier(new ClusterTopics(admin), false, false).apply(topics, result -> {});
      return topics.size();
    }
  }

  private int applyRules(Settings settings) {
    RulesTopic topic = new RulesTopic(settings);
    SortedMap<String, Optional<DomainRules>> records = new TreeMap<>();
    for (var domain : rules.loaded().domains()) {
      records.put(domain.domain(), Optional.of(topic.toRecord(domain, rules.source())));
    }
    topic.write(records, (domain, offset) -> {});
    return records.size();
  }

  private WeirApplication startWeir(Settings settings) {
    int partitions =
        TopicsFile.bundled().stream()
            .filter(topic -> topic.name().equals(settings.get(WeirSettings.TOPIC_REQUESTS)))
            .findFirst()
            .orElseThrow()
            .partitions();
    WeirApplication application = ApplicationFactory.create(settings, partitions);
    started.push(application);
    application.start();
    awaitReady(application);
    return application;
  }

  private void awaitReady(WeirApplication application) {
    long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
    while (!(application.readiness() instanceof Readiness.Ready)) {
      throwIfStopped();
      Optional<String> ended =
          application.exit().isDone() ? application.exit().join().message() : Optional.empty();
      if (ended.isPresent()) {
        throw new CommandFailure("Weir did not start: " + ended.get());
      }
      if (System.nanoTime() - deadline > 0) {
        throw new CommandFailure(
            "Weir was not ready within " + READY_TIMEOUT.toSeconds() + " s",
            "is the machine very busy? Try again, or --verbose");
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure("interrupted while Weir was starting", e);
      }
    }
  }
}
