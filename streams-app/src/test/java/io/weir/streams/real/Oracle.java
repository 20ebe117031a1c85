package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Check;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.tck.ExactReference;
import io.weir.limiter.tck.ReferenceLimiter;
import io.weir.schemas.Decision;
import io.weir.schemas.LimitCheck;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Holds the decisions of a {@link RunningWeir} against those of a limiter that keeps everything in
 * a map and forgets nothing: the committed checks are replayed in the order of each partition. The
 * checks themselves are held against the committed requests, matched once more here.
 */
final class Oracle {
  private static final Algorithms ALGORITHMS = Algorithms.standard();

  private final RunningWeir weir;
  private final RuleSet rules;
  private final long latenessMillis;

  /** An oracle for a Weir that had these rules, a YAML text, from the first request on. */
  Oracle(RunningWeir weir, String rules, Duration lateness) {
    this.weir = weir;
    this.rules = RuleSet.of(RulesReader.standard().read("test.yaml", rules));
    this.latenessMillis = lateness.toMillis();
  }

  /**
   * What the comparison was about.
   *
   * @param judged requests that limits applied to
   * @param denied those of them that were denied
   */
  record Agreement(int judged, int denied) {}

  /** Every request's decision, in the order of each partition; fails where a request has two. */
  Map<String, Decision> decisions() {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.topicName("decisions"))) {
      Decision decision = weir.decision(record);
      assertThat(decisions.put(decision.getRequestId(), decision))
          .as("a second decision for %s", decision.getRequestId())
          .isNull();
    }
    return decisions;
  }

  /**
   * Fails where a check is not what the rules make of its request, has another decision than the
   * oracle's, or none, or where an identifier's decisions have another order than its checks.
   */
  Agreement assertAgrees(Map<String, Decision> decisions) {
    Map<String, CheckSeen> expectedChecks = expectedChecks();
    Map<String, List<String>> checkOrder = new HashMap<>();
    ReferenceLimiter oracle = new ReferenceLimiter(RuleSet.empty(), Duration.ZERO);
    ExactReference exact = new ExactReference();
    Map<Integer, Long> streamTimeMillis = new HashMap<>();
    int judged = 0;
    int denied = 0;
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.checksTopic())) {
      long newestMillis = streamTimeMillis.merge(record.partition(), record.timestamp(), Math::max);
      LimitCheck written = weir.check(record);
      Check check = toCheck(written, record.timestamp(), newestMillis - latenessMillis);
      String requestId = written.getRequestId();
      assertThat(CheckSeen.of(check))
          .as("the check of request %s", requestId)
          .isEqualTo(expectedChecks.remove(requestId));
      checkOrder.computeIfAbsent(check.identifier(), key -> new ArrayList<>()).add(requestId);
      io.weir.limiter.Decision expectedDecision = oracle.judge(check);
      assertThat(ExactReference.Outcome.of(expectedDecision))
          .as("request %s by the definitions", requestId)
          .isEqualTo(exact.judge(check));
      Seen expected = Seen.of(expectedDecision);
      assertThat(decisions).containsKey(requestId);
      Decision decision = Objects.requireNonNull(decisions.get(requestId));
      assertThat(Seen.of(decision))
          .as("request %s at %d", requestId, record.offset())
          .isEqualTo(expected);
      judged++;
      denied += expected.verdict().equals("DENY") ? 1 : 0;
    }
    assertThat(expectedChecks).as("requests without a check").isEmpty();
    assertThat(decisionOrder(decisions)).isEqualTo(checkOrder);
    return new Agreement(judged, denied);
  }

  /** What the rules make of each committed request that they limit. */
  private Map<String, CheckSeen> expectedChecks() {
    Map<String, CheckSeen> checks = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.topicName("requests"))) {
      RequestEvent event = weir.request(record);
      if (event.getCost() < 0) {
        continue; // Invalid: it is answered at once.
      }
      Match match = rules.match(event.getDomain(), event.getAttributes());
      assertThat(match.identifiers()).hasSizeLessThan(2);
      for (Match.IdentifierLimits limits : match.identifiers()) {
        checks.put(
            event.getRequestId(),
            CheckSeen.of(
                new Check(
                    limits.identifier(),
                    limits.limits(),
                    event.getOperation() == Operation.PEEK ? 0 : event.getCost(),
                    record.timestamp(),
                    0,
                    match.revision())));
      }
    }
    return checks;
  }

  private static Map<String, List<String>> decisionOrder(Map<String, Decision> decisions) {
    Map<String, List<String>> order = new HashMap<>();
    decisions.forEach(
        (requestId, decision) -> {
          if (!decision.getStatuses().isEmpty()) {
            order
                .computeIfAbsent(String.valueOf(decision.getIdentifier()), key -> new ArrayList<>())
                .add(requestId);
          }
        });
    return order;
  }

  /** What a check asks, but for the floor, which depends on the records before it. */
  private record CheckSeen(
      String identifier, List<String> limits, long cost, long timestampMillis, long revision) {

    static CheckSeen of(Check check) {
      return new CheckSeen(
          check.identifier(),
          check.limits().stream().map(CheckSeen::limit).toList(),
          check.cost(),
          check.timestampMillis(),
          check.rulesRevision());
    }

    private static String limit(ApplicableLimit applicable) {
      Limit limit = applicable.limit();
      return String.join(
          " ",
          applicable.stateKey(),
          applicable.rule(),
          applicable.mode().name(),
          limit.algorithm().name(),
          String.valueOf(limit.requests()),
          String.valueOf(limit.periodMillis()),
          String.valueOf(limit.burst()));
    }
  }

  private static Check toCheck(LimitCheck check, long timestampMillis, long floorMillis) {
    List<ApplicableLimit> limits =
        check.getLimits().stream()
            .map(
                limit ->
                    new ApplicableLimit(
                        check.getIdentifier() + limit.getStateKey(),
                        limit.getRule(),
                        new Limit(
                            ALGORITHMS.find(limit.getAlgorithm()).orElseThrow(),
                            limit.getRequests(),
                            limit.getPeriodMs(),
                            limit.getBurst()),
                        LimitMode.valueOf(limit.getMode().name())))
            .toList();
    return new Check(
        check.getIdentifier(),
        limits,
        check.getCost(),
        timestampMillis,
        floorMillis,
        check.getRulesRevision());
  }

  /** What a decision says, in the same words from the topic and from the oracle. */
  private record Seen(
      String verdict,
      String reason,
      String identifier,
      OptionalLong retryAfterMillis,
      long delayMillis,
      long eventMillis,
      long nowMillis,
      List<String> statuses) {

    static Seen of(io.weir.limiter.Decision decision) {
      return new Seen(
          decision.verdict().name(),
          decision.reason().name(),
          decision.identifier().orElse(""),
          decision.retryAfterMillis(),
          decision.delayMillis(),
          decision.timestampMillis(),
          decision.nowMillis(),
          decision.statuses().stream().map(Seen::status).toList());
    }

    static Seen of(Decision decision) {
      return new Seen(
          decision.getVerdict().name(),
          decision.getReason().name(),
          String.valueOf(decision.getIdentifier()),
          optional(decision.getRetryAfterMs()),
          decision.getDelayMs(),
          decision.getEventTime().toEpochMilli(),
          decision.getEvaluationTime().toEpochMilli(),
          decision.getStatuses().stream().map(Seen::status).toList());
    }

    private static String status(LimitStatus status) {
      return String.join(
          " ",
          status.stateKey(),
          status.rule(),
          status.mode().name(),
          status.verdict().name(),
          String.valueOf(status.remaining()),
          String.valueOf(status.resetAtMillis()),
          String.valueOf(status.retryAfterMillis()),
          String.valueOf(status.delayMillis()));
    }

    private static String status(io.weir.schemas.LimitStatus status) {
      return String.join(
          " ",
          status.getStateKey(),
          status.getRule(),
          status.getMode().name(),
          status.getVerdict().name(),
          String.valueOf(status.getRemaining()),
          String.valueOf(status.getResetAt().toEpochMilli()),
          String.valueOf(optional(status.getRetryAfterMs())),
          String.valueOf(status.getDelayMs()));
    }

    private static OptionalLong optional(@org.jspecify.annotations.Nullable Long value) {
      return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
  }
}
