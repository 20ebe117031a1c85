package io.weir.streams.real;

import static org.awaitility.Awaitility.await;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.schemas.HoldRef;
import io.weir.schemas.HoldRelease;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.LimitCheck;
import io.weir.schemas.RequestEvent;
import io.weir.streams.topology.LimiterDecisions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a run of Weir left on its topics, in the order of each partition, and in its rows.
 * Immutable.
 *
 * @param rows those that a store restored now would have
 */
record Run(
    List<Asked> requests,
    List<Checked> checks,
    List<Answered> answers,
    List<Released> releases,
    List<Decided> decisions,
    Map<String, StoredLimit> rows) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  Run {
    requests = List.copyOf(requests);
    checks = List.copyOf(checks);
    answers = List.copyOf(answers);
    releases = List.copyOf(releases);
    decisions = List.copyOf(decisions);
    rows = Map.copyOf(rows);
  }

  /** Which part of which request with several identifiers. */
  record Part(HoldId id, int index, int count) {
    static Part of(HoldRef hold) {
      return new Part(
          new HoldId(hold.getPartition(), hold.getOffset()), hold.getIndex(), hold.getCount());
    }
  }

  /** A request; named by its partition and offset. */
  record Asked(HoldId id, RequestEvent event, long timestampMillis) {}

  /** What changes the rows of an identifier. */
  sealed interface Step {
    String identifier();
  }

  /** What is asked of an identifier's limits. */
  sealed interface Task {
    /** Tokens; 0 peeks. */
    record Charge(long cost) implements Task {}

    record Refund(long cost, long chargedAtMillis) implements Task {}

    record Reset() implements Task {}
  }

  /**
   * A check on its way to its identifier.
   *
   * @param part where the request has several identifiers
   * @param limits at least one, but where a reset meets none
   */
  record Checked(
      String requestId,
      Optional<Part> part,
      Task task,
      String identifier,
      List<ApplicableLimit> limits,
      long timestampMillis,
      long rulesRevision)
      implements Step {

    Checked {
      limits = List.copyOf(limits);
    }

    /** Whether tokens are asked for. */
    boolean isCharge() {
      return task instanceof Task.Charge charge && charge.cost() > 0;
    }

    /** The check as the library's judge takes it; a reset is none. */
    Check check() {
      return new Check(KeyText.of(identifier), limits, cost(), timestampMillis, 0, rulesRevision);
    }

    private long cost() {
      if (task instanceof Task.Charge charge) {
        return charge.cost();
      }
      return task instanceof Task.Refund refund ? refund.cost() : 0;
    }
  }

  /** What an identifier answered. */
  record Answered(
      String requestId, Part part, long rulesRevision, long timestampMillis, Answer answer) {}

  record Released(HoldId id, String identifier, List<String> stateKeys) implements Step {}

  record Decided(String requestId, Decision decision) {}

  /** What is committed now. */
  static Run of(RunningWeir weir) {
    return new Run(
        weir.committed(weir.topicName("requests")).stream().map(it -> asked(weir, it)).toList(),
        weir.committed(weir.checksTopic()).stream().map(it -> checked(weir, it)).toList(),
        weir.committed(weir.answersTopic()).stream().map(it -> answered(weir, it)).toList(),
        releases(weir),
        weir.committed(weir.topicName("decisions")).stream().map(it -> decided(weir, it)).toList(),
        rows(weir));
  }

  static Asked asked(RunningWeir weir, ConsumerRecord<byte[], byte[]> record) {
    return new Asked(
        new HoldId(record.partition(), record.offset()), weir.request(record), record.timestamp());
  }

  private static Checked checked(RunningWeir weir, ConsumerRecord<byte[], byte[]> record) {
    LimitCheck check = weir.check(record);
    return new Checked(
        check.getRequestId(),
        Optional.ofNullable(check.getHold()).map(Part::of),
        TopicRecords.task(check),
        check.getIdentifier(),
        TopicRecords.limits(check),
        record.timestamp(),
        check.getRulesRevision());
  }

  private static Answered answered(RunningWeir weir, ConsumerRecord<byte[], byte[]> record) {
    LimitAnswer answer = weir.answer(record);
    return new Answered(
        answer.getRequestId(),
        Part.of(answer.getHold()),
        answer.getRulesRevision(),
        record.timestamp(),
        TopicRecords.answer(answer));
  }

  private static Released released(RunningWeir weir, ConsumerRecord<byte[], byte[]> record) {
    HoldRelease release = weir.release(record);
    return new Released(
        new HoldId(release.getPartition(), release.getOffset()),
        release.getIdentifier(),
        release.getStateKeys());
  }

  static Decided decided(RunningWeir weir, ConsumerRecord<byte[], byte[]> record) {
    io.weir.schemas.Decision decision = weir.decision(record);
    return new Decided(decision.getRequestId(), LimiterDecisions.of(decision));
  }

  private static Map<String, StoredLimit> rows(RunningWeir weir) {
    Map<String, byte[]> newest = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.changelogTopic())) {
      String stateKey = new String(record.key(), StandardCharsets.UTF_8);
      if (record.value() == null) {
        newest.remove(stateKey);
      } else {
        newest.put(stateKey, record.value());
      }
    }
    StoredLimitCodec codec = new StoredLimitCodec(TopicRecords.ALGORITHMS);
    Map<String, StoredLimit> rows = new HashMap<>();
    newest.forEach((stateKey, bytes) -> rows.put(stateKey, codec.decode(bytes)));
    return rows;
  }

  /** Waits until all releases have landed that are committed by then. */
  static void awaitReleases(RunningWeir weir) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              List<Released> releases = releases(weir);
              Map<String, StoredLimit> rows = rows(weir);
              return releases.stream().noneMatch(release -> isHeld(release, rows));
            });
  }

  private static boolean isHeld(Released release, Map<String, StoredLimit> rows) {
    return release.stateKeys().stream()
        .flatMap(stateKey -> Stream.ofNullable(rows.get(stateKey)))
        .anyMatch(row -> row.isHolding(release.id()));
  }

  private static List<Released> releases(RunningWeir weir) {
    return weir.committed(weir.topicName("releases")).stream()
        .map(it -> released(weir, it))
        .toList();
  }
}
