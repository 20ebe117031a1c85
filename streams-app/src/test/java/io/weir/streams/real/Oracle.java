package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Check;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.ExactReference;
import io.weir.limiter.tck.ReferenceLimiter;
import io.weir.schemas.Decision;
import io.weir.schemas.LimitCheck;
import io.weir.streams.topology.LimiterDecisions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Holds the decisions of a {@link RunningWeir} against those of a limiter that keeps everything in
 * a map and forgets nothing: the committed checks are replayed in the order of each partition. The
 * checks themselves are held against the committed requests, matched once more here.
 */
final class Oracle {
  private final RunningWeir weir;
  private final Expected expected;
  private final long latenessMillis;

  /** An oracle for a Weir that had these rules, a YAML text, from the first request on. */
  Oracle(RunningWeir weir, String rules, Duration lateness) {
    this(weir, Map.of(0L, rules), lateness);
  }

  /**
   * An oracle for a Weir whose rules were changed.
   *
   * @param rules YAML texts by their revisions
   */
  Oracle(RunningWeir weir, Map<Long, String> rules, Duration lateness) {
    this.weir = weir;
    this.expected = new Expected(TopicRecords.rules(rules));
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
    Map<String, Run.Asked> requests = requests();
    Map<String, List<String>> checkOrder = new HashMap<>();
    ReferenceLimiter oracle = new ReferenceLimiter(RuleSet.empty(), Duration.ZERO);
    ExactReference exact = new ExactReference();
    Map<Integer, Long> streamTimeMillis = new HashMap<>();
    int judged = 0;
    int denied = 0;
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.checksTopic())) {
      long newestMillis = streamTimeMillis.merge(record.partition(), record.timestamp(), Math::max);
      LimitCheck written = weir.check(record);
      Check check = TopicRecords.check(written, record.timestamp(), newestMillis - latenessMillis);
      String requestId = written.getRequestId();
      Run.Asked request = Objects.requireNonNull(requests.remove(requestId));
      assertThat(TopicRecords.check(written, record.timestamp(), 0))
          .as("the check of request %s", requestId)
          .isEqualTo(expectedCheck(request, written.getRulesRevision()).orElseThrow());
      checkOrder.computeIfAbsent(written.getIdentifier(), key -> new ArrayList<>()).add(requestId);
      io.weir.limiter.Decision expectedDecision = oracle.judge(check);
      if (expected.revisions().size() == 1) { // The definitions say nothing of changes.
        assertThat(ExactReference.Outcome.of(expectedDecision))
            .as("request %s by the definitions", requestId)
            .isEqualTo(exact.judge(check));
      }
      assertThat(decisions).containsKey(requestId);
      Decision decision = Objects.requireNonNull(decisions.get(requestId));
      assertThat(LimiterDecisions.of(decision))
          .as("request %s at %d", requestId, record.offset())
          .isEqualTo(expectedDecision);
      judged++;
      denied += expectedDecision.isAllowed() ? 0 : 1;
    }
    requests.forEach(
        (requestId, request) -> {
          Decision decision = Objects.requireNonNull(decisions.get(requestId));
          assertThat(expectedCheck(request, decision.getRulesRevision()))
              .as("what should have been checked of request %s", requestId)
              .isEmpty();
        });
    assertThat(decisionOrder(decisions)).isEqualTo(checkOrder);
    return new Agreement(judged, denied);
  }

  private Map<String, Run.Asked> requests() {
    Map<String, Run.Asked> requests = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.topicName("requests"))) {
      Run.Asked request = Run.asked(weir, record);
      requests.put(request.event().getRequestId(), request);
    }
    return requests;
  }

  /** What the rules of a revision make of a request; empty where they do not limit it. */
  private Optional<Check> expectedCheck(Run.Asked request, long revision) {
    List<Run.Checked> checks = expected.checks(request, revision);
    assertThat(checks).hasSizeLessThan(2);
    return checks.stream().findFirst().map(Run.Checked::check);
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
}
