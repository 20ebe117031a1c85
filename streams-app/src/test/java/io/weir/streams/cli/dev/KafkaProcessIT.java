package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.streams.real.RealBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaProcessIT {
  private static final String TOPIC = "survivor";

  @Test
  void aKilledBrokerComesBackOnTheSameAddressWithItsRecords() throws Exception {
    try (KafkaProcess kafka = KafkaProcess.start(RealBroker.files())) {
      try (Admin admin = admin(kafka)) {
        admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      }
      try (var producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", (Object) kafka.bootstrapServers()),
              new StringSerializer(),
              new StringSerializer())) {
        producer.send(new ProducerRecord<>(TOPIC, "key", "before the kill")).get();

        kafka.kill();
        assertThat(kafka.isAlive()).isFalse();
        kafka.restart();

        producer.send(new ProducerRecord<>(TOPIC, "key", "after it")).get();
      }

      assertThat(values(kafka)).containsExactly("before the kill", "after it");
    }
  }

  @Test
  void aPausedBrokerAnswersNothingUntilItIsResumed() throws Exception {
    try (KafkaProcess kafka = KafkaProcess.start(RealBroker.files());
        Admin admin = admin(kafka)) {
      kafka.pause();
      assertThatThrownBy(
              () -> admin.listTopics(new ListTopicsOptions().timeoutMs(500)).names().get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TimeoutException.class);

      kafka.resume();
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(admin.listTopics().names().get()).isEmpty());
    }
  }

  @Test
  void closingLeavesNoProcessAndNoFiles() {
    KafkaProcess kafka = KafkaProcess.start(RealBroker.files());
    long pid = kafka.pid();
    Path directory = directory(kafka);
    assertThat(directory).isDirectory();

    kafka.close();

    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void theBrokerAndItsFilesGoWhenTheParentIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BrokerHolder.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String[] told;
    try (var out =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      told =
          out.lines()
              .filter(line -> line.startsWith("broker "))
              .findFirst()
              .orElseThrow()
              .split(" ");
      assertThat(ProcessHandle.of(Long.parseLong(told[1]))).isPresent();
      assertThat(Path.of(told[2])).isDirectory();
    } finally {
      parent.destroyForcibly();
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(ProcessHandle.of(Long.parseLong(told[1]))).isEmpty();
              assertThat(Path.of(told[2])).doesNotExist();
            });
  }

  @Test
  void aStartThatFailsShowsWhyAndCleansUp() throws Exception {
    String wrong = RealBroker.uniqueName("a fortnight");

    assertThatThrownBy(
            () -> KafkaProcess.start(RealBroker.files(), Map.of("log.retention.ms", wrong)))
        .isInstanceOf(ChildStartException.class)
        .hasMessageContaining("the broker ended with code")
        .hasMessageContaining(wrong);

    assertThat(brokerDirectories()).noneMatch(directory -> isConfiguredWith(wrong, directory));
  }

  @Test
  void filesThatAreNotThereAreNamedWithTheCommandThatMakesThem() {
    assertThatThrownBy(() -> new EmbeddedFiles(Path.of("nowhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere")
        .hasMessageContaining("mvn -pl streams-app/embedded process-resources");
  }

  private static Admin admin(KafkaProcess kafka) {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  private static List<String> values(KafkaProcess kafka) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                (Object) kafka.bootstrapServers(),
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      List<String> values = new ArrayList<>();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(r.value()));
                return Long.valueOf(consumer.position(partition))
                    .equals(consumer.endOffsets(List.of(partition)).get(partition));
              });
      return values;
    }
  }

  private static Path directory(KafkaProcess kafka) {
    return Objects.requireNonNull(kafka.log().getParent());
  }

  private static List<Path> brokerDirectories() throws IOException {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(f -> f.getFileName().toString().startsWith("weir-broker-")).toList();
    }
  }

  private static boolean isConfiguredWith(String setting, Path directory) {
    try {
      return Files.readString(directory.resolve("server.properties")).contains(setting);
    } catch (IOException e) {
      return false; // Another test's, gone in the meantime.
    }
  }
}
