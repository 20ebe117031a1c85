package io.weir.streams.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.query.LimitReport;
import io.weir.streams.query.LimitsAnswer;
import io.weir.streams.query.RowsAnswer;
import io.weir.streams.query.Standing;
import io.weir.streams.real.RealBroker;
import io.weir.streams.serde.HttpSchemaRegistryClient;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.serde.SchemaRegistryClient;
import io.weir.streams.serde.SerdeConfig;
import io.weir.streams.serde.StopSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Instances of the application beside a real broker. */
@ExtendWith(RealBroker.class)
class WeirApplicationIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Place place;

  WeirApplicationIT(KafkaProcess kafka, @TempDir Path directory) {
    this.place = new Place(kafka, directory);
  }

  @Test
  void everyInstanceAnswersForAllAndTheOneThatStaysTakesOver() throws Exception {
    place.createTopics(4);
    place.sendRules();
    place.sendRequests();

    try (Instance first = place.instance("first");
        Instance second = place.instance("second")) {
      first.application().start();
      second.application().start();
      await().atMost(PATIENCE).until(() -> first.isReady() && second.isReady());

      Set<String> owners = new HashSet<>();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                for (int user = 0; user < Place.USERS; user++) {
                  LimitReport seenByFirst = onlyLimit(first, user);
                  LimitReport seenBySecond = onlyLimit(second, user);
                  assertThat(seenByFirst.standing().remaining()).isEqualTo(Place.LIMIT - 1L - user);
                  assertThat(seenBySecond.standing().remaining())
                      .isEqualTo(Place.LIMIT - 1L - user);
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
                for (int user = 0; user < Place.USERS; user++) {
                  LimitReport report = onlyLimit(first, user);
                  assertThat(report.standing().remaining()).isEqualTo(Place.LIMIT - 1L - user);
                  assertThat(report.instance()).isEqualTo(first.name());
                }
              });
      assertThat(first.application().exit()).isNotDone();
    }
  }

  @Test
  void aMissingTopicEndsTheApplicationAndSaysWhatToDo() throws Exception {
    place.createTopic(place.topology().topics().rules(), 1);

    try (Instance instance = place.instance("only")) {
      instance.application().start();

      ExitStatus status = instance.application().exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(status.isClean()).isFalse();
      assertThat(status.message().orElseThrow()).contains("./weir topics apply");
      assertThat(instance.get("/health/ready").body()).contains("failed");
    }
  }

  @Test
  void whereTheRegistryHasForgottenTheSchemasOfRulesItIsNotReadyAndSaysWhy() throws Exception {
    place.createTopics(1);
    place.sendRules();

    try (Instance instance =
        place.instance(
            new InProcessSchemaRegistryClient(),
            new StopSignal(),
            new DefaultKafkaClientSupplier(),
            Duration.ofSeconds(30))) {
      instance.application().start();

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(instance.get("/health/ready").body())
                      .contains(
                          "\"status\":\"no_rules\"",
                          "the record of the domain api at " + place.id() + ".rules-0 offset 0",
                          "schema id 1 is unknown to the registry"));
      assertThat(instance.get("/v1/limits?domain=api&user_id=1").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void aTopicThatWasMadeLargerThanTheStateIsRefused() throws Exception {
    place.createTopics(4);
    place.createTopic(place.id() + "-weir-limits-changelog", 2);

    try (Instance instance = place.instance("only")) {
      assertThatThrownBy(() -> instance.application().start())
          .isInstanceOf(StartupException.class)
          .hasMessageContaining(place.id() + ".requests has 4")
          .hasMessageContaining(place.id() + "-weir-limits-changelog has 2");
    }
  }

  @Test
  void stopsAtOnceWhileARegistryThatIsDownKeepsTheRulesFromBeingRead() throws Exception {
    place.createTopics(1);
    place.sendRules();
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

    try (Instance instance = place.instance(watched, stop, clients, Duration.ofSeconds(30))) {
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
    place.createTopics(1);
    UnreachableRules clients = new UnreachableRules("127.0.0.1:" + closedPort());

    try (Instance instance =
        place.instance(place.registry(), new StopSignal(), clients, Duration.ofSeconds(20))) {
      CompletableFuture<Void> start = CompletableFuture.runAsync(instance.application()::start);
      await().atMost(PATIENCE).until(this::isReadingRules);

      instance.close();

      assertThat(instance.application().exit().join()).isEqualTo(ExitStatus.stopped());
      assertThatThrownBy(start::join).hasCauseInstanceOf(StartupException.class);
    }
  }

  @Test
  void aStopIsCutOffInTimeWhereSomethingDoesNotEnd() throws Exception {
    place.createTopics(1);
    UnreachableRules clients = new UnreachableRules("127.0.0.1:" + closedPort());
    clients.deaf.set(true);

    try (Instance instance =
        place.instance(place.registry(), new StopSignal(), clients, Duration.ofMillis(500))) {
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
        .anyMatch(name -> name.startsWith(place.id()) && name.endsWith("GlobalStreamThread"));
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
        .isEqualTo(Place.LIMIT - 1L - user);
  }
}
