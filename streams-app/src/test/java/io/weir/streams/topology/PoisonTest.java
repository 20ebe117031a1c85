package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.Verdict;
import io.weir.streams.testkit.WeirDriver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that make no sense: none stops the topology, each is a dead letter with its reason. */
class PoisonTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: minute, requests_per_unit: 5}
        - key: ip
          rate_limit: {unit: minute, requests_per_unit: 5}
      """;
  private static final Instant NOW = WeirDriver.START;

  private WeirDriver driver;

  @BeforeEach
  void open() {
    driver = WeirDriver.open();
    driver.rules(RulesReader.standard().read("rules.yaml", RULES));
  }

  @AfterEach
  void close() {
    driver.close();
  }

  /** Bytes that are not a request. */
  private record Garbage(String name, Bytes value) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Garbage> garbage() {
    byte[] valid = validBytes();
    byte[] unknownSchema = valid.clone();
    unknownSchema[4] = 99;
    return Stream.of(
        garbage("text", utf8("hello")),
        garbage("JSON", utf8("{\"request_id\": \"1\"}")),
        garbage("nothing", new byte[0]),
        garbage("zero byte alone", new byte[] {0}),
        garbage("unknown schema id", unknownSchema),
        garbage("cut short", Arrays.copyOf(valid, valid.length - 3)),
        garbage("with a tail", Arrays.copyOf(valid, valid.length + 3)),
        garbage("schema without a record", Arrays.copyOf(valid, 5)));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void bytesThatAreNotARequestBecomeADeadLetter(Garbage garbage) {
    driver.request(event("first", Map.of("user_id", "1")), NOW); // makes the schema known
    driver.decisions();
    byte[] key = utf8("key");
    driver.requestBytes(key, garbage.value().get(), new RecordHeaders(), NOW);
    assertThat(driver.decisions()).isEmpty();
    TestRecord<byte[], byte[]> letter = onlyDeadLetter();
    assertThat(letter.key()).isEqualTo(key);
    assertThat(letter.value()).isEqualTo(garbage.value().get());
    assertThat(header(letter, "weir.problem")).isEqualTo("undecodable");
    assertThat(header(letter, "__streams.errors.message")).isNotBlank();
    assertThat(header(letter, "__streams.errors.exception")).isNotBlank();
    assertThat(header(letter, "__streams.errors.stacktrace")).isNotBlank();
    assertThat(header(letter, "__streams.errors.topic")).isEqualTo("weir.requests");
    assertThat(header(letter, "__streams.errors.partition")).isEqualTo("0");
    assertThat(header(letter, "__streams.errors.offset")).isEqualTo("1");
    assertStillJudges();
  }

  @Test
  void recordWithoutValueBecomesADeadLetter() {
    driver.requestBytes(utf8("key"), null, new RecordHeaders(), NOW);
    assertThat(header(onlyDeadLetter(), "weir.problem")).isEqualTo("no_value");
    assertStillJudges();
  }

  /** A request that decodes and makes no sense. */
  private record Nonsense(
      String name, RequestEvent event, Instant time, Problem problem, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Nonsense> nonsense() {
    Map<String, String> user = Map.of("user_id", "42");
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 65; i++) {
      many.put("k" + i, "v");
    }
    return Stream.of(
        nonsense(
            "no domain",
            new RequestEvent("r", "", user, 1L, Operation.CHECK, null),
            Problem.DOMAIN,
            "domain is empty; give 1 to 256 characters"),
        nonsense(
            "no request_id",
            new RequestEvent("", "api", user, 1L, Operation.CHECK, null),
            Problem.REQUEST_ID,
            "request_id is empty; give 1 to 512 characters"),
        nonsense(
            "long request_id",
            new RequestEvent("x".repeat(600), "api", user, 1L, Operation.CHECK, null),
            Problem.REQUEST_ID,
            "request_id has 600 characters; give 1 to 512"),
        nonsense(
            "cost below zero",
            new RequestEvent("r", "api", user, -1L, Operation.CHECK, null),
            Problem.COST,
            "cost is -1; it must be 0 or more"),
        nonsense(
            "refund without the time of the charge",
            new RequestEvent("r", "api", user, 1L, Operation.REFUND, null),
            Problem.OPERATION,
            "a REFUND needs charged_at, the evaluation_time of the decision that is refunded"),
        nonsense(
            "refund of nothing",
            new RequestEvent("r", "api", user, 0L, Operation.REFUND, NOW),
            Problem.COST,
            "cost is 0; a REFUND needs the number of tokens that come back"),
        nonsense(
            "operation of tomorrow",
            new RequestEvent("r", "api", user, 1L, Operation.UNKNOWN, null),
            Problem.OPERATION,
            "the operation is one that this version does not know; use CHECK, PEEK, REFUND or"
                + " RESET"),
        nonsense(
            "too many attributes",
            event("r", many),
            Problem.ATTRIBUTES,
            "there are 65 attributes; send at most 64"),
        nonsense(
            "empty identifier", event("r", Map.of("user_id", "")), Problem.IDENTIFIER, "user_id"),
        nonsense(
            "long identifier",
            event("r", Map.of("user_id", "x".repeat(1_100))),
            Problem.IDENTIFIER,
            "has 1112 bytes; it may have 1024"),
        new Nonsense(
            "far future",
            event("r", user),
            NOW.plus(Duration.ofMinutes(5)).plusMillis(1),
            Problem.TIMESTAMP,
            "more than 300000 ms ahead of the clock"));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void requestThatMakesNoSenseIsDeniedAndBecomesADeadLetter(Nonsense nonsense) {
    driver.request(nonsense.event(), nonsense.time());
    List<TestRecord<String, Decision>> decisions = driver.decisions();
    assertThat(decisions).hasSize(1);
    Decision decision = decisions.get(0).value();
    assertThat(decision.getVerdict()).isEqualTo(Verdict.DENY);
    assertThat(decision.getReason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(decision.getMessage()).contains(nonsense.message());
    assertThat(decision.getIdentifier()).isNull();
    assertThat(decision.getStatuses()).isEmpty();
    assertThat(decision.getRequestId())
        .isEqualTo(RequestBounds.cut(nonsense.event().getRequestId(), 512));
    assertThat(decision.getEventTime()).isEqualTo(nonsense.time());
    TestRecord<byte[], byte[]> letter = onlyDeadLetter();
    assertThat(header(letter, "weir.problem")).isEqualTo(nonsense.problem().label());
    assertThat(header(letter, "__streams.errors.message")).isEqualTo(decision.getMessage());
    RequestEvent kept =
        driver.setup().serdes().requests().deserializer().deserialize("any", letter.value());
    assertThat(kept).isEqualTo(nonsense.event());
    assertThat(
            driver
                .meters()
                .get("weir.dead.letters")
                .tag("problem", nonsense.problem().label())
                .counter()
                .count())
        .isEqualTo(1);
    assertStillJudges();
  }

  @Test
  void timestampOfTheFutureDoesNotMoveStreamTime() {
    driver.request(event("r", Map.of("user_id", "1")), NOW.plus(Duration.ofDays(365)));
    driver.decisions();
    driver.request(event("r", Map.of("user_id", "42")), NOW);
    Decision decision = driver.decisions().get(0).value();
    assertThat(decision.getEvaluationTime()).isEqualTo(NOW);
  }

  @Test
  void recordTooLargeForADeadLetterIsNamedThereWithoutItsValue() {
    byte[] large = new byte[1_100_000];
    Arrays.fill(large, (byte) 1);
    driver.requestBytes(utf8("key"), large, new RecordHeaders(), NOW);
    TestRecord<byte[], byte[]> letter = onlyDeadLetter();
    assertThat(letter.value()).isEmpty();
    assertThat(header(letter, "weir.dropped.bytes")).isEqualTo("1100003");
    assertStillJudges();
  }

  @Test
  void registryThatIsDownIsNoFaultOfTheRecord() {
    WeirSerdes serdes = driver.setup().serdes();
    Serde<RequestEvent> unreachable =
        Serdes.serdeFrom(
            serdes.requests().serializer(),
            (topic, bytes) -> {
              throw new TimeoutException("the registry does not answer");
            });
    try (WeirDriver down =
        WeirDriver.open(setup -> setup.serdes(setup.serdes().withRequests(unreachable)))) {
      assertThatThrownBy(() -> down.requestBytes(null, utf8("any"), new RecordHeaders(), NOW))
          .hasRootCauseInstanceOf(TimeoutException.class);
      assertThat(down.deadLetters()).isEmpty();
    }
  }

  private void assertStillJudges() {
    driver.request(event("next", Map.of("user_id", "good")), NOW);
    assertThat(driver.decisions())
        .singleElement()
        .satisfies(record -> assertThat(record.value().getReason()).isEqualTo(Reason.WITHIN_LIMIT));
    assertThat(driver.deadLetters()).isEmpty();
  }

  private TestRecord<byte[], byte[]> onlyDeadLetter() {
    List<TestRecord<byte[], byte[]>> letters = driver.deadLetters();
    assertThat(letters).hasSize(1);
    return letters.get(0);
  }

  private static Garbage garbage(String name, byte[] value) {
    return new Garbage(name, Bytes.wrap(value));
  }

  private static Nonsense nonsense(
      String name, RequestEvent event, Problem problem, String message) {
    return new Nonsense(name, event, NOW, problem, message);
  }

  private static RequestEvent event(String requestId, Map<String, String> attributes) {
    return new RequestEvent(requestId, "api", attributes, 1L, Operation.CHECK, null);
  }

  /** The bytes of a request as a first producer writes them: schema id 1 or so. */
  private static byte[] validBytes() {
    try (WeirDriver other = WeirDriver.open()) {
      other.rules(RulesReader.standard().read("rules.yaml", RULES));
      return other
          .setup()
          .serdes()
          .requests()
          .serializer()
          .serialize("weir.requests", event("r", Map.of("user_id", "42")));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
