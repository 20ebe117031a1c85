package io.weir.streams.cli.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.RegistryTrouble;
import io.weir.streams.rules.RulesConverter;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the records come to is what RulesProcessor makes of them. */
class RulesLogTest {
  private static final String SOURCE = "api.yaml";

  private final RulesConverter converter = new RulesConverter(Algorithms.standard());
  private final Map<String, io.weir.schemas.DomainRules> values = new HashMap<>();
  private final RulesLog log = new RulesLog(converter, (topic, bytes) -> decode(bytes));
  private long offset;

  @Test
  void theNewestRecordOfADomainIsInForce() {
    good("api", 5);
    good("mail", 1);
    good("api", 6);

    assertThat(log.entries()).containsOnlyKeys("api", "mail");
    RulesLog.Entry entry = entry("api");
    assertThat(entry.inForce())
        .contains(
            new RulesLog.InForce(
                rules("api", 6).withRevision(2), Optional.of(SOURCE), Instant.ofEpochMilli(2)));
    assertThat(entry.skipped()).isEmpty();
    assertThat(log.inForce().domains()).hasSize(2);
  }

  @Test
  void aTombstoneTakesTheRulesAway() {
    good("api", 5);
    add("api", null);

    assertThat(log.entries()).isEmpty();
  }

  @Test
  void theNewestRecordOfADomainIsKnownWhateverItHolds() {
    assertThat(log.newestOffset("api")).isEqualTo(-1);
    good("api", 5);
    good("mail", 1);
    assertThat(log.newestOffset("api")).isZero();
    add("api", "garbage");
    assertThat(log.newestOffset("api")).isEqualTo(2);
    add("api", null);
    assertThat(log.newestOffset("api")).isEqualTo(3);
  }

  @Test
  void aBadRecordLeavesTheEarlierRulesInForceAndIsTold() {
    good("api", 5);
    add("api", "garbage");

    assertThat(entry("api").rules()).contains(rules("api", 5).withRevision(0));
    assertThat(entry("api").skipped())
        .contains(new RulesLog.Skipped("its value cannot be read: no Avro", 1));
    assertThat(log.inForce().find("api")).isPresent();

    good("api", 6);

    assertThat(entry("api").skipped()).isEmpty();
    assertThat(entry("api").rules().orElseThrow().revision()).isEqualTo(2);
  }

  @Test
  void aDomainWithNothingButABadRecordHasNoRules() {
    add("api", "garbage");

    assertThat(entry("api").rules()).isEmpty();
    assertThat(entry("api").skipped()).isPresent();
    assertThat(log.inForce().domains()).isEmpty();
  }

  @Test
  void rulesUnderTheKeyOfAnotherDomainAreSkipped() {
    values.put("v", converter.toRecord(rules("api", 5), Optional.empty()));
    add("mail", "v");

    assertThat(log.entries()).containsOnlyKeys("mail");
    assertThat(entry("mail").skipped())
        .contains(
            new RulesLog.Skipped("its key is 'mail' and its domain 'api'; give both the same", 0));
  }

  @Test
  void aRecordWithoutKeyIsToldAsWell() {
    values.put("v", converter.toRecord(rules("api", 5), Optional.empty()));
    add(null, "v");

    assertThat(log.entries()).isEmpty();
    assertThat(log.withoutDomain())
        .containsExactly(new RulesLog.Skipped("it has no key; the key must be the domain", 0));
  }

  @Test
  void valuesThatNobodyExpectedAreSkipped() {
    add("api", "nothing");
    assertThat(problem()).isEqualTo("its value holds no rules");

    add("api", "surprise");
    assertThat(problem()).isEqualTo("its value cannot be read: surprise");

    values.put("v", new io.weir.schemas.DomainRules("api", null, null));
    add("api", "v");
    assertThat(problem()).startsWith("its rules cannot be understood: ");
  }

  @Test
  void aRegistryThatDoesNotAnswerIsNoFaultOfTheRecord() {
    assertThat(failure("down"))
        .hasMessageStartingWith("the schema registry does not answer: schema registry unavailable")
        .extracting(CommandFailure::hint)
        .isEqualTo(
            Optional.of("is it running, and is schema.registry.url right? --registry sets it"));
    assertThat(failure("wrapped"))
        .hasMessage("the schema registry does not answer: no schema: refused");
    assertThat(failure("bare")).hasMessage("the schema registry does not answer: away: refused");
  }

  @Test
  void aRegistryThatRefusesIsNoFaultOfTheRecord() {
    assertThat(failure("refused"))
        .hasMessageStartingWith("the schema registry refuses: ")
        .hasMessageContaining("401")
        .extracting(failure -> failure.hint().orElse(""))
        .asString()
        .contains("schema.registry.url", "schema.registry.basic.auth.user.info");
  }

  private CommandFailure failure(String value) {
    return catchThrowableOfType(CommandFailure.class, () -> add("api", value));
  }

  private String problem() {
    return entry("api").skipped().orElseThrow().problem();
  }

  private RulesLog.Entry entry(String domain) {
    return Optional.ofNullable(log.entries().get(domain)).orElseThrow();
  }

  private io.weir.schemas.@Nullable DomainRules decode(byte @Nullable [] bytes) {
    String name = new String(bytes == null ? new byte[0] : bytes, StandardCharsets.UTF_8);
    return switch (name) {
      case "garbage" -> throw new SerializationException("no Avro");
      case "surprise" -> throw new IllegalStateException("surprise");
      case "down" -> throw RegistryTrouble.unavailable();
      case "refused" -> throw RegistryTrouble.refused();
      case "bare" -> throw new IllegalStateException("away", new ConnectException("refused"));
      // As other serdes than ours tell it.
      case "wrapped" ->
          throw new SerializationException("no schema", new ConnectException("refused"));
      case "nothing" -> null;
      default -> values.get(name);
    };
  }

  private void good(String domain, int requests) {
    values.put(domain + requests, converter.toRecord(rules(domain, requests), Optional.of(SOURCE)));
    add(domain, domain + requests);
  }

  private void add(@Nullable String key, @Nullable String value) {
    log.add(
        new ConsumerRecord<>(
            "weir.rules",
            0,
            offset,
            offset,
            TimestampType.CREATE_TIME,
            0,
            0,
            key == null ? null : key.getBytes(StandardCharsets.UTF_8),
            value == null ? null : value.getBytes(StandardCharsets.UTF_8),
            new RecordHeaders(),
            Optional.empty()));
    offset++;
  }

  private static DomainRules rules(String domain, int requests) {
    return RulesReader.standard()
        .read(
            SOURCE,
            """
            domain: %s
            descriptors:
              - key: user_id
                rate_limit: {unit: minute, requests_per_unit: %d}
            """
                .formatted(domain, requests));
  }
}
