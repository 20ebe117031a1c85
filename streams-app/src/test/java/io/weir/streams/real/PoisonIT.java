package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.Verdict;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.query.Readiness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records that make no sense, on a real broker and with a real registry: the application lives,
 * each is in the dead-letter topic with its reason, and the good ones between them are decided.
 */
@ExtendWith(RealBroker.class)
class PoisonIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: year, requests_per_unit: 1000}
        - key: ip
          rate_limit: {unit: year, requests_per_unit: 1000}
      """;

  private final RunningWeir weir;
  private final List<byte @Nullable []> values = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private int nonsense;

  PoisonIT(KafkaProcess kafka, RegistryProcess registry, @TempDir Path stateDir) throws Exception {
    weir =
        RunningWeir.create(
            kafka,
            registry,
            stateDir,
            RunningWeir.RequestTimes.OF_PRODUCER,
            Map.of("commit.interval", "100ms", "kafka.producer.max.request.size", "2000000"));
  }

  @Test
  void eachIsADeadLetterWithItsReasonAndTheGoodOnesAreDecided() throws Exception {
    weir.applyRules(RULES);
    makeUnreadable();
    makeSenseless();

    try (WeirApplication application = weir.start()) {
      send();
      await()
          .atMost(PATIENCE)
          .until(() -> weir.committed(weir.topicName("dead.letter")).size() >= problems.size());
      await().atMost(PATIENCE).until(() -> decisions().size() >= problems.size() + nonsense);

      assertThat(application.readiness()).isInstanceOf(Readiness.Ready.class);
      assertThat(application.exit()).isNotDone();
    }

    assertThat(problems).hasSizeGreaterThanOrEqualTo(20);
    assertLetters();
    assertDecisions();
  }

  /** Bytes that are not a request, and so have a dead letter alone. */
  private void makeUnreadable() {
    byte[] valid = weir.bytes(request("r", Map.of("user_id", "42")));
    byte[] future = valid.clone();
    future[0] = 1;
    unreadable("no_value", null);
    unreadable("undecodable", utf8("hello"));
    unreadable("undecodable", utf8("{\"request_id\": \"1\"}"));
    unreadable("undecodable", new byte[0]);
    unreadable("undecodable", new byte[] {0});
    unreadable("undecodable", future);
    unreadable("undecodable", ByteBuffer.allocate(20).put((byte) 0).putInt(2_000_000_000).array());
    unreadable("undecodable", ByteBuffer.allocate(20).put((byte) 0).putInt(-1).array());
    unreadable("undecodable", Arrays.copyOf(valid, valid.length - 3));
    unreadable("undecodable", Arrays.copyOf(valid, valid.length + 3));
    unreadable("undecodable", Arrays.copyOf(valid, 5));
    unreadable("undecodable", weir.rulesBytes(RULES));
  }

  /** Requests that can be read and make no sense, and so are denied as well. */
  private void makeSenseless() {
    Map<String, String> user = Map.of("user_id", "42");
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 65; i++) {
      many.put("k" + i, "v");
    }
    senseless("domain", new RequestEvent("n1", "", user, 1L, Operation.CHECK, null));
    senseless("request_id", new RequestEvent("", "api", user, 1L, Operation.CHECK, null));
    senseless("cost", new RequestEvent("n2", "api", user, -1L, Operation.CHECK, null));
    senseless("operation", new RequestEvent("n3", "api", user, 1L, Operation.REFUND, null));
    senseless("attributes", request("n4", many));
    senseless("identifier", request("n5", Map.of("user_id", "")));
    senseless("identifier", request("n6", Map.of("user_id", "x".repeat(1_100))));
    senseless("timestamp", request("n7", user));
  }

  private void unreadable(String problem, byte @Nullable [] value) {
    problems.add(problem);
    values.add(value);
  }

  private void senseless(String problem, RequestEvent event) {
    unreadable(problem, weir.bytes(event));
    nonsense++;
  }

  /**
   * Each of them on partition 0, with a good request after it, so that offsets are even and odd.
   */
  private void send() {
    long now = System.currentTimeMillis();
    long future = now + Duration.ofMinutes(30).toMillis();
    String topic = weir.topicName("requests");
    try (KafkaProducer<byte[], byte[]> producer = weir.producer()) {
      for (int i = 0; i < values.size(); i++) {
        long timestampMillis = problems.get(i).equals("timestamp") ? future : now;
        byte[] good = weir.bytes(request("good-" + i, Map.of("user_id", "good")));
        var unused =
            producer.send(
                new ProducerRecord<>(topic, 0, timestampMillis, utf8("key-" + i), values.get(i)));
        unused = producer.send(new ProducerRecord<>(topic, 0, now, utf8("good"), good));
      }
    }
  }

  private void assertLetters() {
    List<ConsumerRecord<byte[], byte[]>> letters = weir.committed(weir.topicName("dead.letter"));
    assertThat(letters).hasSize(problems.size());
    for (int i = 0; i < letters.size(); i++) {
      ConsumerRecord<byte[], byte[]> letter = letters.get(i);
      assertThat(header(letter, "weir.problem")).as("letter %d", i).isEqualTo(problems.get(i));
      assertThat(letter.key()).isEqualTo(utf8("key-" + i));
      assertThat(letter.value()).as("letter %d", i).isEqualTo(values.get(i));
      assertThat(header(letter, "__streams.errors.topic")).isEqualTo(weir.topicName("requests"));
      assertThat(header(letter, "__streams.errors.partition")).isEqualTo("0");
      assertThat(header(letter, "__streams.errors.offset")).isEqualTo(String.valueOf(2 * i));
      assertThat(header(letter, "__streams.errors.exception")).isNotBlank();
      assertThat(header(letter, "__streams.errors.message")).isNotBlank();
      assertThat(header(letter, "__streams.errors.stacktrace")).isNotBlank();
    }
  }

  private void assertDecisions() {
    Map<String, Decision> decisions = decisions();
    assertThat(decisions).hasSize(problems.size() + nonsense);
    for (int i = 0; i < problems.size(); i++) {
      Decision good = Objects.requireNonNull(decisions.get("good-" + i));
      assertThat(good.getReason()).isEqualTo(Reason.WITHIN_LIMIT);
      assertThat(good.getStatuses().get(0).getRemaining()).isEqualTo(999L - i);
    }
    for (int i = 1; i <= 7; i++) {
      Decision denied = Objects.requireNonNull(decisions.get("n" + i));
      assertThat(denied.getVerdict()).isEqualTo(Verdict.DENY);
      assertThat(denied.getReason()).isEqualTo(Reason.INVALID_REQUEST);
      assertThat(denied.getMessage()).isNotBlank();
    }
  }

  private Map<String, Decision> decisions() {
    return new Oracle(weir, RULES, Duration.ofMinutes(5)).decisions();
  }

  private static RequestEvent request(String requestId, Map<String, String> attributes) {
    return new RequestEvent(requestId, "api", attributes, 1L, Operation.CHECK, null);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
