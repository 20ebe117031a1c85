package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Check;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.ReferenceLimiter;
import io.weir.schemas.Decision;
import io.weir.schemas.LimitCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Holds the decisions of a {@link RunningWeir} against those of a limiter that keeps everything in
 * a map and forgets nothing: the committed checks are replayed in the order of each partition.
 */
final class Oracle {
  private static final Algorithms ALGORITHMS = Algorithms.standard();

  private final RunningWeir weir;
  private final long latenessMillis;

  Oracle(RunningWeir weir, Duration lateness) {
    this.weir = weir;
    this.latenessMillis = lateness.toMillis();
  }

  /**
   * What the comparison was about.
   *
   * @param judged requests that limits applied to
   * @param denied those of them that were denied
   */
  record Agreement(int judged, int denied) {}

  /** Every request's decision; fails where a request has two. */
  Map<String, Decision> decisions() {
    Map<String, Decision> decisions = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.topicName("decisions"))) {
      Decision decision = weir.decision(record);
      assertThat(decisions.put(decision.getRequestId(), decision))
          .as("a second decision for %s", decision.getRequestId())
          .isNull();
    }
    return decisions;
  }

  /** Fails where a check has another decision than the oracle's, or none. */
  Agreement assertAgrees(Map<String, Decision> decisions) {
    ReferenceLimiter oracle = new ReferenceLimiter(RuleSet.empty(), Duration.ZERO);
    Map<Integer, Long> streamTimeMillis = new HashMap<>();
    int judged = 0;
    int denied = 0;
    for (ConsumerRecord<byte[], byte[]> record : weir.committed(weir.checksTopic())) {
      long newestMillis = streamTimeMillis.merge(record.partition(), record.timestamp(), Math::max);
      LimitCheck check = weir.check(record);
      Seen expected =
          Seen.of(oracle.judge(toCheck(check, record.timestamp(), newestMillis - latenessMillis)));
      assertThat(decisions).containsKey(check.getRequestId());
      Decision decision = Objects.requireNonNull(decisions.get(check.getRequestId()));
      assertThat(Seen.of(decision))
          .as("request %s at %d", check.getRequestId(), record.offset())
          .isEqualTo(expected);
      judged++;
      denied += expected.verdict().equals("DENY") ? 1 : 0;
    }
    return new Agreement(judged, denied);
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
