package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.Decision;
import io.weir.schemas.LimitMode;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Reason;
import io.weir.schemas.Verdict;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.RegistryTrouble;
import io.weir.streams.cli.TopicReader;
import io.weir.streams.serde.AvroJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

class DecisionWatchTest {
  private static final TopicPartition PARTITION = new TopicPartition("decisions", 0);
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final MockConsumer<byte @Nullable [], byte @Nullable []> consumer =
      new MockConsumer<>("earliest");
  private final List<String> unreadable = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private long nowMillis = NOON.toEpochMilli();
  private long offset;
  private int takenBeforeNobodyReads = Integer.MAX_VALUE;

  DecisionWatchTest() {
    Node node = new Node(0, "host", 1);
    consumer.updatePartitions(
        "decisions",
        List.of(new PartitionInfo("decisions", 0, node, new Node[] {node}, new Node[] {node})));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
  }

  @Test
  void itEndsAfterSoManyThatAreWanted() {
    consumer.schedulePollTask(() -> add("a", "b", "a2", "a3"));

    long taken = watch(Optional.of(2L), Optional.empty());

    assertThat(taken).isEqualTo(2);
    assertThat(seen).containsExactly("a", "a2");
  }

  @Test
  void itEndsWhenNobodyReadsWhatItSays() {
    consumer.schedulePollTask(() -> add("a", "a2", "a3"));
    takenBeforeNobodyReads = 2;

    assertThat(watch(Optional.empty(), Optional.empty())).isEqualTo(2);
  }

  @Test
  void itEndsWhenTheTimeIsOver() {
    consumer.schedulePollTask(() -> add("a"));
    consumer.schedulePollTask(() -> nowMillis += 10_000);

    assertThat(watch(Optional.empty(), Optional.of(Duration.ofSeconds(10)))).isEqualTo(1);
  }

  @Test
  void aRecordThatIsNoDecisionIsReportedAndPassedOver() {
    consumer.schedulePollTask(() -> add("poison", "a"));

    assertThat(watch(Optional.of(1L), Optional.empty())).isEqualTo(1);
    assertThat(unreadable).containsExactly("decisions-0 offset 0 is no decision: poisoned");
  }

  @Test
  void whateverTheSerdeThrowsAtARecordIsReported() {
    consumer.schedulePollTask(() -> add("surprise", "a"));

    assertThat(watch(Optional.of(1L), Optional.empty())).isEqualTo(1);
    assertThat(unreadable).containsExactly("decisions-0 offset 0 is no decision: surprise");
  }

  @ParameterizedTest
  @CsvSource({"down,does not answer", "refused,refuses"})
  void troubleOfTheRegistryEndsTheWatch(String record, String what) {
    consumer.schedulePollTask(() -> add(record));

    assertThatThrownBy(() -> watch(Optional.of(1L), Optional.empty()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith("the schema registry " + what + ": ");
    assertThat(unreadable).isEmpty();
  }

  @Test
  void theTableShowsWhoWasDecidedAndWhy() {
    StringWriter out = new StringWriter();
    DecisionTable table = new DecisionTable(new PrintWriter(out), Ansi.OFF, ZoneOffset.UTC);

    table.accept(decision("r-1"));

    assertThat(out.toString().strip().split(" +"))
        .containsExactly(
            "12:00:00.000", "DENY", "OVER_LIMIT", "api/user_id=42", "-", "-", "1500", "ms", "r-1");
  }

  @Test
  void theTableShowsWhyARequestMakesNoSense() {
    StringWriter out = new StringWriter();
    DecisionTable table = new DecisionTable(new PrintWriter(out), Ansi.OFF, ZoneOffset.UTC);

    table.printHeadings();
    table.accept(
        Decision.newBuilder(decision("r-1"))
            .setIdentifier(null)
            .setReason(Reason.INVALID_REQUEST)
            .setRetryAfterMs(null)
            .setMessage("cost is -1; it must be 0 or more")
            .build());

    assertThat(out.toString().lines())
        .containsExactly(
            "TIME          VERDICT  REASON           IDENTIFIER            RULE          REMAINING"
                + "  RETRY AFTER  REQUEST",
            "12:00:00.000  DENY     INVALID_REQUEST  -                     -             -        "
                + "  -            r-1",
            "                       cost is -1; it must be 0 or more");
  }

  @Test
  void columnsAreAsWideAsWhatCameSoFar() {
    StringWriter out = new StringWriter();
    DecisionTable table = new DecisionTable(new PrintWriter(out), Ansi.OFF, ZoneOffset.UTC);

    table.accept(
        Decision.newBuilder(decision("r-1"))
            .setIdentifier("api/user_id=" + "4".repeat(30))
            .build());
    table.accept(decision("r-2"));

    List<String> lines = out.toString().lines().toList();
    assertThat(lines.get(1).indexOf("1500 ms")).isEqualTo(lines.get(0).indexOf("1500 ms"));
    assertThat(lines.get(1).indexOf("r-2")).isEqualTo(lines.get(0).indexOf("r-1"));
  }

  @Test
  void theTableShowsWhatRemainsOfTheCapacity() {
    StringWriter out = new StringWriter();
    DecisionTable table = new DecisionTable(new PrintWriter(out), Ansi.OFF, ZoneOffset.UTC);
    LimitStatus full =
        LimitStatus.newBuilder()
            .setRule("per-user")
            .setStateKey("api/user_id=42|#")
            .setAlgorithm("token_bucket")
            .setMode(LimitMode.ENFORCED)
            .setVerdict(Verdict.ALLOW)
            .setLimit(10)
            .setPeriodMs(1000)
            .setBurst(20)
            .setRemaining(20)
            .setResetAt(NOON)
            .build();

    table.accept(Decision.newBuilder(decision("r-1")).setStatuses(List.of(full)).build());

    assertThat(out.toString()).contains("per-user", " 20/20 ");
  }

  @Test
  void inJsonTimesAreMillisecondsAndUnionsAreBare() {
    assertThat(AvroJson.of(decision("r-1")).toString())
        .startsWith("{\"request_id\":\"r-1\",\"domain\":\"api\",\"identifier\":\"api/user_id=42\",")
        .contains("\"verdict\":\"DENY\",\"reason\":\"OVER_LIMIT\",\"message\":null,")
        .contains("\"retry_after_ms\":1500,\"delay_ms\":0,\"statuses\":[],")
        .contains("\"duplicate\":false,\"event_time\":" + NOON.toEpochMilli());
  }

  private long watch(Optional<Long> max, Optional<Duration> time) {
    Deserializer<Decision> deserializer =
        (topic, bytes) -> {
          String id = new String(bytes, StandardCharsets.UTF_8);
          return switch (id) {
            case "poison" -> throw new SerializationException("poisoned");
            case "surprise" -> throw new IllegalStateException("surprise");
            case "down" -> throw RegistryTrouble.unavailable();
            case "refused" -> throw RegistryTrouble.refused();
            default -> decision(id);
          };
        };
    InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
    try (TopicReader reader = new TopicReader(consumer, "decisions")) {
      return new DecisionWatch(
              deserializer,
              decision -> decision.getRequestId().startsWith("a"),
              max,
              time,
              clock,
              () -> seen.size() == takenBeforeNobodyReads,
              unreadable::add)
          .run(reader, decision -> seen.add(decision.getRequestId()));
    }
  }

  private void add(String... requestIds) {
    for (String id : requestIds) {
      consumer.addRecord(
          new ConsumerRecord<>(
              "decisions", 0, offset++, null, id.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static Decision decision(String requestId) {
    return Decision.newBuilder()
        .setRequestId(requestId)
        .setDomain("api")
        .setIdentifier("api/user_id=42")
        .setVerdict(Verdict.DENY)
        .setReason(Reason.OVER_LIMIT)
        .setRetryAfterMs(1500L)
        .setStatuses(List.of())
        .setEventTime(NOON)
        .setEvaluationTime(NOON)
        .build();
  }
}
