package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.streams.testkit.WeirDriver;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Input that is keyed by identifier; the test driver delivers all records on partition 0. */
class KeyedTopologyTest {
  private static final int PARTITIONS = 4;

  private WeirDriver driver;

  @BeforeEach
  void open() {
    driver =
        WeirDriver.open(
            setup ->
                setup.settings(
                    settings -> settings.withInput(new InputKeying.ByIdentifier(PARTITIONS))));
    driver.rules(
        RulesReader.standard()
            .read(
                "rules.yaml",
                """
                domain: api
                descriptors:
                  - key: user_id
                    rate_limit: {unit: minute, requests_per_unit: 1}
                """));
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void judgesWithoutReKeying() {
    String user = userOn(0);
    assertThat(decide("api/user_id=" + user, user).getReason()).isEqualTo(Reason.WITHIN_LIMIT);
    assertThat(decide("api/user_id=" + user, user).getReason()).isEqualTo(Reason.OVER_LIMIT);
    assertThat(driver.changelog()).hasSize(1);
    assertThat(driver.deadLetters()).isEmpty();
  }

  @Test
  void refusesARecordWithAnotherKeyOrNone() {
    String user = userOn(0);
    assertRefused(decide(user, user), "the record's key is '" + user + "'", Problem.KEY);
    assertRefused(decide(null, user), "the record's key is missing", Problem.KEY);
  }

  @Test
  void refusesARecordOnAnotherPartition() {
    String user = userOn(3);
    assertRefused(
        decide("api/user_id=" + user, user),
        "the record is on partition 0; identifier 'api/user_id="
            + user
            + "' belongs to partition 3 of 4",
        Problem.PARTITION);
  }

  @Test
  void keyOfARequestThatNoRuleMatchesDoesNotMatter() {
    driver.request(
        "anything",
        new RequestEvent("r", "api", Map.of("ip", "::1"), 1L, Operation.CHECK, null),
        WeirDriver.START);
    assertThat(driver.decisions().get(0).value().getReason()).isEqualTo(Reason.NO_RULE);
  }

  private void assertRefused(Decision decision, String message, Problem problem) {
    assertThat(decision.getReason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(decision.getMessage()).startsWith(message);
    TestRecord<byte[], byte[]> letter = driver.deadLetters().get(0);
    assertThat(
            new String(letter.headers().lastHeader("weir.problem").value(), StandardCharsets.UTF_8))
        .isEqualTo(problem.label());
    assertThat(driver.changelog()).isEmpty();
  }

  private Decision decide(@Nullable String key, String user) {
    driver.request(
        key,
        new RequestEvent("r", "api", Map.of("user_id", user), 1L, Operation.CHECK, null),
        WeirDriver.START);
    return driver.decisions().get(0).value();
  }

  private static String userOn(int partition) {
    return IntStream.range(0, 1_000)
        .mapToObj(Integer::toString)
        .filter(
            user ->
                BuiltInPartitioner.partitionForKey(
                        ("api/user_id=" + user).getBytes(StandardCharsets.UTF_8), PARTITIONS)
                    == partition)
        .findFirst()
        .orElseThrow();
  }
}
