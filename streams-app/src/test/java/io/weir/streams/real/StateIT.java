package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.Verdict;
import io.weir.streams.app.ExitStatus;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of rows in a real store and in the changelog behind it. */
@ExtendWith(RealBroker.class)
class StateIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LATENESS = Duration.ofMinutes(5);
  private static final int USERS = 80;
  private static final int IDLE_PARTITION = 2;
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limits:
            - {name: minutely, unit: minute, requests_per_unit: 3}
            - {name: bucket, algorithm: token_bucket, unit: minute, requests_per_unit: 3}
      """;

  /** Two hours ago, at the beginning of a minute: time can then go on as the test likes. */
  private final long startMillis =
      System.currentTimeMillis() / 60_000 * 60_000 - Duration.ofHours(2).toMillis();

  private final RunningWeir weir;
  private final KafkaProducer<byte[], byte[]> producer;
  private int sent;

  StateIT(KafkaProcess kafka, RegistryProcess registry, @TempDir Path stateDir) throws Exception {
    weir =
        RunningWeir.create(
            kafka,
            registry,
            stateDir,
            RunningWeir.RequestTimes.OF_PRODUCER,
            Map.of("commit.interval", "100ms", "expiry.interval", "50ms", "lateness", "5m"));
    producer = weir.producer();
  }

  @Test
  void rowsGoFromStoreAndChangelogAndNoDecisionIsAnotherForIt() throws Exception {
    weir.applyRules(RULES);
    Set<String> idle = idleUsers();
    Set<String> busy = busyUsers();
    assertThat(idle).isNotEmpty();
    List<String> keepers = keepers();

    try (WeirApplication application = weir.start()) {
      for (String user : users()) {
        request(user, 0, 4);
      }
      awaitDecisions();
      assertThat(rows()).containsExactlyInAnyOrderElementsOf(rowsOf(users()));

      // Both limits are as new after a minute, and records may come five minutes late: no row may
      // go yet.
      long justBefore = Duration.ofMinutes(6).toMillis() - 1;
      for (String keeper : keepers) {
        request(keeper, justBefore, 1);
      }
      request(busy.iterator().next(), justBefore - LATENESS.toMillis(), 3);
      awaitDecisions();
      assertThat(rows()).containsAll(rowsOf(users()));

      for (String keeper : keepers) {
        request(keeper, Duration.ofMinutes(20).toMillis(), 1);
      }
      awaitDecisions();
      await().atMost(PATIENCE).until(() -> rows().stream().noneMatch(rowsOf(busy)::contains));
      assertThat(rows()).as("of the partition without traffic").containsAll(rowsOf(idle));
      assertThat(tombstones()).containsAll(rowsOf(busy)).doesNotContainAnyElementsOf(rowsOf(idle));
      assertThat(answer(application, busy.iterator().next())).doesNotContain("minutely");
      assertThat(answer(application, idle.iterator().next())).contains("minutely");

      // Late records: as late as allowed, and later still.
      for (String user : users()) {
        request(user, Duration.ofMinutes(15).toMillis(), 2);
        request(user, Duration.ofMinutes(1).toMillis(), 2);
        request(user, Duration.ofMinutes(21).toMillis(), 1);
      }
      awaitDecisions();
      assertThat(application.exit()).isNotDone();
    }

    Oracle oracle = new Oracle(weir, RULES, LATENESS);
    Oracle.Agreement agreement = oracle.assertAgrees(oracle.decisions());
    assertThat(agreement.judged()).isEqualTo(sent);
    assertThat(agreement.denied()).isPositive();
  }

  @Test
  void streamTimeSurvivesARestartSoThatNothingIsJudgedBeforeRowsWereForgotten() throws Exception {
    weir.applyRules(RULES);
    try (WeirApplication application = weir.start()) {
      for (String user : users()) {
        request(user, 0, 3);
      }
      for (String keeper : keepers()) {
        request(keeper, Duration.ofMinutes(20).toMillis(), 1);
      }
      awaitDecisions();
      await()
          .atMost(PATIENCE)
          .until(() -> rows().stream().noneMatch(rowsOf(busyUsers())::contains));
      assertThat(application.exit()).isNotDone();
    }
    int firstLate = sent;
    try (WeirApplication application = weir.start()) {
      for (String user : users()) {
        request(user, Duration.ofSeconds(30).toMillis(), 1);
      }
      awaitDecisions();
      assertThat(application.exit()).isNotDone();
    }

    Oracle oracle = new Oracle(weir, RULES, LATENESS);
    Map<String, Decision> decisions = oracle.decisions();
    assertThat(oracle.assertAgrees(decisions).judged()).isEqualTo(sent);
    for (int i = 0; i < USERS; i++) {
      String user = users().get(i);
      boolean idle = partition(user) == IDLE_PARTITION;
      Decision late = Objects.requireNonNull(decisions.get("r" + (firstLate + i)));
      assertThat(late.getEvaluationTime().toEpochMilli() - startMillis)
          .as("when %s was judged", user)
          .isEqualTo((idle ? Duration.ofSeconds(30) : Duration.ofMinutes(15)).toMillis());
      assertThat(late.getVerdict()).as(user).isEqualTo(idle ? Verdict.DENY : Verdict.ALLOW);
    }
  }

  @Test
  void aRowThatCannotBeReadEndsTheApplicationAndTheRequestIsDecidedOnceItIsGone() throws Exception {
    weir.applyRules(RULES);
    try (WeirApplication application = weir.start()) {
      request("42", 0, 2);
      awaitDecisions();
      assertThat(application.exit()).isNotDone();
    }
    String row = "api/user_id=42|#minutely";
    assertThat(rows()).anyMatch(key -> key.equals(row));
    changeRow(row, Optional.of(new byte[] {99, 0}));
    weir.deleteState();

    try (WeirApplication application = weir.start()) {
      request("42", 1, 1);

      ExitStatus status = application.exit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(status.code()).isEqualTo(1);
      assertThat(status.message().orElseThrow())
          .contains("row '" + row + "' of store weir-limits cannot be read")
          .contains("Weir stops rather than hand out a limit twice");
    }
    assertThat(decisions()).hasSize(sent - 1);

    changeRow(row, Optional.empty());
    weir.deleteState();
    try (WeirApplication application = weir.start()) {
      awaitDecisions();
      assertThat(application.exit()).isNotDone();
    }
    assertThat(new Oracle(weir, RULES, LATENESS).decisions()).hasSize(sent);
  }

  @AfterEach
  void close() {
    producer.close();
  }

  private static List<String> users() {
    List<String> users = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      users.add("user-" + i);
    }
    return users;
  }

  /** Those of the one partition where time does not go on. */
  private static Set<String> idleUsers() {
    return users().stream()
        .filter(user -> partition(user) == IDLE_PARTITION)
        .collect(Collectors.toSet());
  }

  private static Set<String> busyUsers() {
    Set<String> busy = new HashSet<>(users());
    busy.removeAll(idleUsers());
    return busy;
  }

  /** Users who make time go on in the other partitions. */
  private static List<String> keepers() {
    return IntStream.range(0, USERS)
        .mapToObj(i -> "keeper-" + i)
        .filter(user -> partition(user) != IDLE_PARTITION)
        .toList();
  }

  private static Set<String> rowsOf(Iterable<String> users) {
    Set<String> rows = new HashSet<>();
    for (String user : users) {
      rows.add("api/user_id=" + user + "|#minutely");
      rows.add("api/user_id=" + user + "|#bucket");
    }
    return rows;
  }

  private static int partition(String user) {
    byte[] identifier = ("api/user_id=" + user).getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(identifier)) % RunningWeir.PARTITIONS;
  }

  private void request(String user, long afterStartMillis, int times) {
    for (int i = 0; i < times; i++) {
      RequestEvent event =
          new RequestEvent("r" + sent++, "api", Map.of("user_id", user), 1L, Operation.CHECK, null);
      var unused =
          producer.send(
              new ProducerRecord<>(
                  weir.topicName("requests"),
                  partition(user),
                  startMillis + afterStartMillis,
                  null,
                  weir.bytes(event)));
    }
  }

  private void awaitDecisions() {
    await().atMost(PATIENCE).until(() -> decisions().size() >= sent);
  }

  private List<ConsumerRecord<byte[], byte[]>> decisions() {
    return weir.committed(weir.topicName("decisions"));
  }

  /** The keys of the rows that a store restored now would have. */
  private Set<String> rows() {
    return newest(true);
  }

  private Set<String> tombstones() {
    return newest(false);
  }

  private Set<String> newest(boolean present) {
    Map<String, Boolean> rows = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.changelogTopic())) {
      rows.put(new String(record.key(), StandardCharsets.UTF_8), record.value() != null);
    }
    return rows.keySet().stream()
        .filter(key -> rows.getOrDefault(key, false) == present)
        .collect(Collectors.toSet());
  }

  private void changeRow(String row, Optional<byte[]> value) throws Exception {
    byte[] key = row.getBytes(StandardCharsets.UTF_8);
    producer
        .send(new ProducerRecord<>(weir.changelogTopic(), partition("42"), key, value.orElse(null)))
        .get();
  }

  private static String answer(WeirApplication application, String user) throws Exception {
    return RunningWeir.get(application, "/v1/identifiers/api/user_id=" + user);
  }
}
