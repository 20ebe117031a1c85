package io.weir.streams.cli.dev;

import io.weir.schemas.DomainRules;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.rules.RulesTopic;
import io.weir.streams.cli.run.ApplicationFactory;
import io.weir.streams.cli.topics.ClusterTopics;
import io.weir.streams.cli.topics.TopicSpec;
import io.weir.streams.cli.topics.TopicsApplier;
import io.weir.streams.cli.topics.TopicsFile;
import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.config.TopicReplication;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.query.Readiness;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that Weir needs, on this machine alone: broker and registry as child processes,
 * topics, rules, and the application in this process. What was started is closed in reverse order,
 * also where a later step fails.
 */
final class DevStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DevStack.class);
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 100;

  private final EmbeddedFiles files;
  private final DevRules rules;
  private final int port;
  private final Steps steps;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /** Is told what is being done. */
  interface Steps {
    /** Does one step. */
    <T> T step(String what, Supplier<T> work);
  }

  /**
   * What runs, once it does.
   *
   * @param settings those that every command needs to reach it
   * @param httpPort port of the HTTP door
   */
  record Running(Settings settings, WeirApplication application, int httpPort) {
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
   * @param files the broker and the registry
   * @param rules the rules
   * @param port port of the HTTP door; 0 for any
   */
  DevStack(EmbeddedFiles files, DevRules rules, int port, Steps steps) {
    this.files = files;
    this.rules = rules;
    this.port = port;
    this.steps = steps;
  }

  /**
   * Starts everything; returns when requests are judged.
   *
   * @param cancelled whether to give up
   * @throws CommandFailure if something does not start
   */
  Running start(BooleanSupplier cancelled) {
    // Both take seconds; the registry starts while the broker does.
    CompletableFuture<RegistryProcess> registry =
        CompletableFuture.supplyAsync(() -> RegistryProcess.start(files));
    started.push(() -> registry.handle((process, failed) -> process).thenAccept(this::end).join());
    KafkaProcess kafka = steps.step("Kafka broker", () -> KafkaProcess.start(files));
    started.push(kafka);
    String registryUrl = steps.step("schema registry", () -> join(registry).url());
    Settings settings = settings(kafka, registryUrl);
    steps.step("topics of topics.yml", () -> createTopics(settings));
    steps.step("rules of " + rules.source(), () -> applyRules(settings));
    WeirApplication application = steps.step("Weir", () -> startWeir(settings, cancelled));
    return new Running(settings, application, application.httpPort());
  }

  /** Stops the application, ends the child processes and deletes their files. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        // The rest must go all the same.
        LOG.warn("Something did not close", e);
      }
    }
  }

  private void end(@Nullable RegistryProcess process) {
    if (process != null) {
      process.close();
    }
  }

  private static RegistryProcess join(CompletableFuture<RegistryProcess> registry) {
    try {
      return registry.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private Settings settings(KafkaProcess kafka, String registryUrl) {
    return SettingsLoader.of(
        Map.of(
            WeirSettings.BOOTSTRAP_SERVERS.name(), kafka.bootstrapServers(),
            WeirSettings.SCHEMA_REGISTRY_URL.name(), registryUrl,
            // Beside the broker's files, which go with it however this process ends.
            WeirSettings.STATE_DIR.name(), kafka.log().resolveSibling("weir-state").toString(),
            WeirSettings.STANDBY_REPLICAS.name(), "0",
            WeirSettings.HTTP_PORT.name(), String.valueOf(port)));
  }

  private static int createTopics(Settings settings) {
    List<TopicSpec> topics =
        TopicsFile.bundled().stream().map(topic -> topic.withReplicas(1)).toList();
    try (Admin admin = ConnectionOptions.admin(settings)) {
      new TopicsApplier(new ClusterTopics(admin), false, false).apply(topics, result -> {});
      return topics.size();
    }
  }

  private int applyRules(Settings settings) {
    RulesTopic topic = new RulesTopic(settings);
    Map<String, Optional<DomainRules>> records = new TreeMap<>();
    for (var domain : rules.loaded().domains()) {
      records.put(domain.domain(), Optional.of(topic.toRecord(domain, rules.source())));
    }
    return topic.write(records).size();
  }

  private WeirApplication startWeir(Settings settings, BooleanSupplier cancelled) {
    int partitions =
        TopicsFile.bundled().stream()
            .filter(topic -> topic.name().equals(settings.get(WeirSettings.TOPIC_REQUESTS)))
            .findFirst()
            .orElseThrow()
            .partitions();
    WeirApplication application =
        ApplicationFactory.create(settings, partitions, TopicReplication.SINGLE);
    started.push(application);
    application.start();
    awaitReady(application, cancelled);
    return application;
  }

  private static void awaitReady(WeirApplication application, BooleanSupplier cancelled) {
    long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
    while (!(application.readiness() instanceof Readiness.Ready) && !cancelled.getAsBoolean()) {
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
