package io.weir.streams.gateway.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.testkit.WeirDriver;
import io.weir.streams.topology.DecidedRequest;
import io.weir.streams.topology.DecisionRecords;
import io.weir.streams.topology.LimiterDecisions;
import io.weir.streams.topology.WeirSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** A decision of a door has the record that the topology writes of the same decision. */
class SameRecordsTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: minute, requests_per_unit: 1}
        - key: ip
          rate_limit: {unit: hour, requests_per_unit: 100}
      """;

  private final HesitantProducer producer = new HesitantProducer(true);

  @Test
  void keyHeadersBytesAndTimeAreThoseOfTheTopology() {
    try (WeirDriver driver = WeirDriver.open()) {
      driver.rules(RulesReader.standard().read("api.yaml", RULES));
      ask(driver, "one identifier", "api", Map.of("user_id", "a/ü=1"));
      ask(driver, "the same, denied", "api", Map.of("user_id", "a/ü=1"));
      ask(driver, "two identifiers", "api", Map.of("user_id", "b", "ip", "::1"));
      ask(driver, "no limit applies", "api", Map.of("other", "1"));
      ask(driver, "no rules", "unknown", Map.of("user_id", "1"));
      ask(driver, "no identifier", "api", Map.of("user_id", ""));
      ask(driver, "x".repeat(600), "api", Map.of("user_id", "c"));
      List<TestRecord<String, Decision>> expected = driver.decisions();
      assertThat(expected).hasSize(7);
      WeirSerdes serdes = driver.setup().serdes();

      String topic = driver.setup().settings().topics().decisions();
      try (DecisionLog log =
          DecisionLog.start(
              new DecisionRecords(topic, serdes.decided()),
              producer,
              100,
              StopTime.of(Duration.ofMinutes(1)),
              new SimpleMeterRegistry())) {
        expected.forEach(
            record -> log.decided(DecidedRequest.of(id(record), domain(record), decision(record))));
      }

      assertThat(producer.history()).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        ProducerRecord<byte[], byte[]> actual = producer.history().get(i);
        TestRecord<String, Decision> record = expected.get(i);
        assertThat(actual.topic()).isEqualTo(topic);
        assertThat(actual.partition()).isNull();
        assertThat(actual.key()).isEqualTo(record.key().getBytes(StandardCharsets.UTF_8));
        assertThat(actual.headers().toArray()).isEqualTo(record.headers().toArray());
        assertThat(actual.timestamp()).isEqualTo(record.timestamp());
        assertThat(actual.value())
            .isEqualTo(serdes.decisions().serializer().serialize(topic, record.value()));
      }
    }
  }

  private static void ask(
      WeirDriver driver, String id, String domain, Map<String, String> attributes) {
    driver.request(
        new RequestEvent(id, domain, attributes, 1L, Operation.CHECK, null), WeirDriver.START);
  }

  /** The whole one where the topology has cut it. */
  private static String id(TestRecord<String, Decision> record) {
    String id = record.value().getRequestId();
    return id.startsWith("xxx") ? "x".repeat(600) : id;
  }

  private static String domain(TestRecord<String, Decision> record) {
    return record.value().getDomain();
  }

  private static io.weir.limiter.Decision decision(TestRecord<String, Decision> record) {
    return LimiterDecisions.of(Objects.requireNonNull(record.value()));
  }
}
