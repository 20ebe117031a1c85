package io.weir.streams.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.limiter.Judge;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.config.TopicReplication;
import io.weir.streams.query.HttpSettings;
import io.weir.streams.query.QueryJson;
import io.weir.streams.query.Readiness;
import io.weir.streams.serde.AvroSerde;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.Backoff;
import io.weir.streams.serde.SchemaRegistryClient;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.store.ExpiryShares;
import io.weir.streams.topology.RequestValidator;
import io.weir.streams.topology.RulesView;
import io.weir.streams.topology.StoppablePause;
import io.weir.streams.topology.TopologyMetrics;
import io.weir.streams.topology.TopologyNames;
import io.weir.streams.topology.TopologyParts;
import io.weir.streams.topology.TopologySettings;
import io.weir.streams.topology.WeirSerdes;
import io.weir.streams.topology.WeirTopology;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** One instance of the application in this process, and the way to ask it. */
final class Instance implements AutoCloseable {
  private final WeirApplication application;
  private final HttpClient client = HttpClient.newHttpClient();
  private final QueryJson json = new QueryJson(new ObjectMapper());

  /** An instance that is not started yet. */
  Instance(
      String applicationId,
      String bootstrapServers,
      Path stateDir,
      TopologySettings topology,
      SchemaRegistryClient registry) {
    this(
        applicationId,
        bootstrapServers,
        stateDir,
        topology,
        registry,
        new StopSignal(),
        new DefaultKafkaClientSupplier(),
        Duration.ofSeconds(30));
  }

  /** An instance whose surroundings the test makes. */
  Instance(
      String applicationId,
      String bootstrapServers,
      Path stateDir,
      TopologySettings topology,
      SchemaRegistryClient registry,
      StopSignal stop,
      KafkaClientSupplier clients,
      Duration stopTimeout) {
    Settings settings =
        SettingsLoader.of(
            Map.of(
                "application.id",
                applicationId,
                "bootstrap.servers",
                bootstrapServers,
                "state.dir",
                stateDir.toString(),
                "standby.replicas",
                "0",
                "threads",
                "1"));
    Properties properties = new Properties();
    properties.putAll(settings.streamsProperties(TopicReplication.SINGLE));
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RulesView rules = new RulesView();
    TopologyParts parts =
        new TopologyParts(
            topology,
            WeirSerdes.from(AvroSerdes.over(registry)),
            Algorithms.standard(),
            rules,
            new TopologyMetrics(metrics),
            ExpiryShares.inBackground(),
            InstantSource.system(),
            new StoppablePause(new Backoff(10, 100), stop));
    application =
        new WeirApplication(
            new WeirTopology(parts).build(),
            properties,
            clients,
            new ApplicationSettings(
                HttpSettings.of("127.0.0.1", 0, Duration.ofSeconds(5)),
                Optional.empty(),
                5,
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                stopTimeout),
            TopicLayout.of(applicationId, topology),
            new QueryParts(
                new LimitsPlace.Store(TopologyNames.LIMITS_STORE),
                rules,
                RequestValidator::refusal,
                new Judge()),
            FailureClassifier.standard(),
            metrics,
            stop,
            InstantSource.system(),
            List.of());
  }

  static <T extends SpecificRecord> AvroSerde<T> serde(
      Class<T> type, SchemaRegistryClient registry) {
    return new AvroSerde<>(type, registry, true);
  }

  WeirApplication application() {
    return application;
  }

  boolean isReady() {
    return application.readiness() instanceof Readiness.Ready;
  }

  String name() {
    return "127.0.0.1:" + application.httpPort();
  }

  QueryJson json() {
    return json;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://" + name() + path)).build(),
        BodyHandlers.ofString());
  }

  @Override
  public void close() {
    application.close();
  }
}
