package io.weir.streams.app;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.per;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RateUnit;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.query.LimitReport;
import io.weir.streams.query.LimitsAnswer;
import io.weir.streams.query.RowsAnswer;
import io.weir.streams.query.Standing;
import io.weir.streams.real.RealBroker;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.serde.HttpSchemaRegistryClient;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.serde.SchemaRegistryClient;
import io.weir.streams.serde.SerdeConfig;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.topology.TopologySettings;
import io.weir.streams.topology.TopologyTopics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Instances of the application beside a real broker. */
@ExtendWith(RealBroker.class)
class WeirApplicationIT {
  private static final int USERS = 12;
  private static final int LIMIT = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final KafkaProcess kafka;
  private final String id = RealBroker.uniqueName("weir");
  private final TopologySettings topology =
      TopologySettings.DEFAULT.withTopics(
          new TopologyTopics(
              id + ".requests", id + ".decisions", id + ".rules", id + ".dead-letter"));
  private final InProcessSchemaRegistryClient registry = new InProcessSchemaRegistryClient();

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init") // JUnit injects the directory
  WeirApplicationIT(KafkaProcess kafka) {
    this.kafka = kafka;
  }

  @Test
  void everyInstanceAnswersForAllAndTheOneThatStaysTakesOver() throws Exception {
    createTopics(4);
    sendRules();
    sendRequests();

    try (Instance first = instance("first");
        Instance second = instance("second")) {
      first.application().start();
      second.application().start();
      await().atMost(PATIENCE).until(() -> first.isReady() && second.isReady());

      Set<String> owners = new HashSet<>();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                for (int user = 0; user < USERS; user++) {
                  LimitReport seenByFirst = onlyLimit(first, user);
                  LimitReport seenBySecond = onlyLimit(second, user);
                  assertThat(seenByFirst.standing().remaining()).isEqualTo(LIMIT - 1L - user);
                  assertThat(seenBySecond.standing().remaining()).isEqualTo(LIMIT - 1L - user);
                  assertThat(seenByFirst.instance()).isEqualTo(seenBySecond.instance());
                  owners.add(seenByFirst.instance());
                }
              });
      assertThat(owners).containsExactlyInAnyOrder(first.name(), second.name());
      assertThatRowsAre(first, 3);
      assertThatRowsAre(second, 3);
      assertThat(first.get("/metrics").body())
          .contains("weir_decisions_total", "kafka_stream", "jvm_memory_used_bytes");
      assertThat(first.get("/v1/rules/api").body()).contains("\"revision\":0");

      second.close();

      assertThat(second.application().exit().join()).isEqualTo(ExitStatus.stopped());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                for (int user = 0; user < USERS; user++) {
                  LimitReport report = onlyLimit(first, user);
                  assertThat(report.standing().remaining()).isEqualTo(LIMIT - 1L - user);
                  assertThat(report.instance()).isEqualTo(first.name());
                }
              });
      assertThat(first.application().exit()).isNotDone();
    }
  }

  @Test
  void aMissingTopicEndsTheApplicationAndSaysWhatToDo() throws Exception {
    createTopic(topology.topics().rules(), 1);

    try (Instance instance = instance("only")) {
      instance.application().start();

      ExitStatus status = instance.application().exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(status.isClean()).isFalse();
      assertThat(status.message().orElseThrow()).contains("./weir topics apply");
      assertThat(instance.get("/health/ready").body()).contains("failed");
    }
  }

  @Test
  void aTopicThatWasMadeLargerThanTheStateIsRefused() throws Exception {
    createTopics(4);
    createTopic(id + "-weir-limits-changelog", 2);

    try (Instance instance = instance("only")) {
      assertThatThrownBy(() -> instance.application().start())
          .isInstanceOf(StartupException.class)
          .hasMessageContaining(id + ".requests has 4")
          .hasMessageContaining(id + "-weir-limits-changelog has 2");
    }
  }

  @Test
  void stopsAtOnceWhileARegistryThatIsDownKeepsTheRulesFromBeingRead() throws Exception {
    createTopics(1);
    sendRules();
    StopSignal stop = new StopSignal();
    SchemaRegistryClient down =
        new HttpSchemaRegistryClient(
            new SerdeConfig(
                Map.of(
                    SerdeConfig.URL,
                    "http://127.0.0.1:" + closedPort(),
                    SerdeConfig.RETRY_TIMEOUT,
                    "3600000")),
            stop);
    AtomicBoolean asked = new AtomicBoolean();
    SchemaRegistryClient watched = watched(down, asked);
    KafkaClientSupplier clients = new DefaultKafkaClientSupplier();

    try (Instance instance = instance(watched, stop, clients, Duration.ofSeconds(30))) {
      CompletableFuture<Void> start = CompletableFuture.runAsync(instance.application()::start);
      await().atMost(PATIENCE).untilTrue(asked);
      assertThat(start).isNotDone();

      instance.close();

      assertThat(instance.application().exit().join()).isEqualTo(ExitStatus.stopped());
      assertThatThrownBy(start::join).hasCauseInstanceOf(StartupException.class);
    }
  }

  @Test
  void aStopIsCleanAndQuickWhereTheStartWaitsForBrokers() throws Exception {
    createTopics(1);
    UnreachableRules clients = new UnreachableRules("127.0.0.1:" + closedPort());

    try (Instance instance =
        instance(registry, new StopSignal(), clients, Duration.ofSeconds(20))) {
      CompletableFuture<Void> start = CompletableFuture.runAsync(instance.application()::start);
      await().atMost(PATIENCE).until(this::isReadingRules);

      instance.close();

      assertThat(instance.application().exit().join()).isEqualTo(ExitStatus.stopped());
      assertThatThrownBy(start::join).hasCauseInstanceOf(StartupException.class);
    }
  }

  @Test
  void aStopIsCutOffInTimeWhereSomethingDoesNotEnd() throws Exception {
    createTopics(1);
    UnreachableRules clients = new UnreachableRules("127.0.0.1:" + closedPort());
    clients.deaf.set(true);

    try (Instance instance =
        instance(registry, new StopSignal(), clients, Duration.ofMillis(500))) {
      CompletableFuture<Void> start = CompletableFuture.runAsync(instance.application()::start);
      await().atMost(PATIENCE).until(this::isReadingRules);

      instance.close();

      assertThat(instance.application().exit().join().message().orElseThrow())
          .contains("did not stop within 500 ms");
      assertThatThrownBy(start::join).hasCauseInstanceOf(StartupException.class);
    } finally {
      clients.deaf.set(false);
      clients.consumer.join().wakeup();
    }
  }

  private boolean isReadingRules() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .anyMatch(name -> name.startsWith(id) && name.endsWith("GlobalStreamThread"));
  }

  /** Clients of the real brokers, but for the one that reads the rules. */
  private static final class UnreachableRules extends DefaultKafkaClientSupplier {
    private final String nobody;
    private final AtomicBoolean deaf = new AtomicBoolean();
    private final CompletableFuture<Consumer<byte[], byte[]>> consumer = new CompletableFuture<>();

    UnreachableRules(String nobody) {
      this.nobody = nobody;
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
      Map<String, Object> changed = new HashMap<>(config);
      changed.put("bootstrap.servers", nobody);
      Consumer<byte[], byte[]> made =
          new KafkaConsumer<>(changed, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
            @Override
            public void wakeup() {
              if (!deaf.get()) {
                super.wakeup();
              }
            }
          };
      consumer.complete(made);
      return made;
    }
  }

  private static SchemaRegistryClient watched(SchemaRegistryClient client, AtomicBoolean asked) {
    return new SchemaRegistryClient() {
      @Override
      public int register(String subject, Schema schema) {
        return client.register(subject, schema);
      }

      @Override
      public int idOf(String subject, Schema schema) {
        return client.idOf(subject, schema);
      }

      @Override
      public boolean isCompatible(String subject, Schema schema) {
        return client.isCompatible(subject, schema);
      }

      @Override
      public Schema schemaOf(int id) {
        asked.set(true);
        return client.schemaOf(id);
      }
    };
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Instance instance(
      SchemaRegistryClient client,
      StopSignal stop,
      KafkaClientSupplier clients,
      Duration stopTimeout) {
    return new Instance(
        id,
        kafka.bootstrapServers(),
        directory.resolve("only"),
        topology,
        client,
        stop,
        clients,
        stopTimeout);
  }

  private Instance instance(String name) {
    return new Instance(id, kafka.bootstrapServers(), directory.resolve(name), topology, registry);
  }

  private void createTopics(int partitions) throws Exception {
    createTopic(topology.topics().requests(), partitions);
    createTopic(topology.topics().decisions(), partitions);
    createTopic(topology.topics().rules(), 1);
    createTopic(topology.topics().deadLetters(), 1);
  }

  private void createTopic(String name, int partitions)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  private void sendRules() {
    DomainRules rules =
        DomainRules.of(
            "api", key("user_id").limit(per(LIMIT, RateUnit.YEAR).algorithm(new TokenBucket())));
    byte[] value =
        Instance.serde(io.weir.schemas.DomainRules.class, registry)
            .serializer()
            .serialize(
                topology.topics().rules(),
                new RulesConverter(Algorithms.standard()).toRecord(rules, Optional.empty()));
    send(
        List.of(
            new ProducerRecord<>(
                topology.topics().rules(), "api".getBytes(StandardCharsets.UTF_8), value)));
  }

  /** The user of number n sends n + 1 requests. */
  private void sendRequests() {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int user = 0; user < USERS; user++) {
      for (int i = 0; i <= user; i++) {
        RequestEvent event =
            RequestEvent.newBuilder()
                .setRequestId(user + "-" + i)
                .setDomain("api")
                .setAttributes(Map.of("user_id", "user " + user))
                .build();
        records.add(
            new ProducerRecord<>(
                topology.topics().requests(),
                Instance.serde(RequestEvent.class, registry)
                    .serializer()
                    .serialize(topology.topics().requests(), event)));
      }
    }
    send(records);
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      records.forEach(producer::send);
    }
  }

  private static LimitReport onlyLimit(Instance instance, int user) throws Exception {
    HttpResponse<String> response = instance.get("/v1/limits?domain=api&user_id=user+" + user);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    LimitsAnswer answer = instance.json().readLimits(response.body());
    assertThat(answer.limits()).hasSize(1);
    return answer.limits().get(0);
  }

  private static void assertThatRowsAre(Instance instance, int user) throws Exception {
    HttpResponse<String> response = instance.get("/v1/identifiers/api/user_id=user%20" + user);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    RowsAnswer answer = instance.json().readRows(response.body());
    assertThat(answer.rows())
        .singleElement()
        .extracting(Standing::remaining)
        .isEqualTo(LIMIT - 1L - user);
  }
}
