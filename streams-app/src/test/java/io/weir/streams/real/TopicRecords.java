package io.weir.streams.real;

import io.weir.limiter.Answer;
import io.weir.limiter.Check;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.AnsweredLimit;
import io.weir.schemas.CheckedLimit;
import io.weir.schemas.LimitAnswer;
import io.weir.schemas.LimitCheck;
import io.weir.streams.topology.LimiterDecisions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What stands on the topics, in the library's words. Weir's own way from one to the other is not
 * used, so that it is tested, too.
 */
final class TopicRecords {
  static final Algorithms ALGORITHMS = Algorithms.standard();

  private TopicRecords() {}

  /** The rules of a YAML text. */
  static RuleSet rules(String yaml) {
    return RuleSet.of(new RulesReader(ALGORITHMS).read("test.yaml", yaml));
  }

  /** The rules of YAML texts, by their revisions, in the same order. */
  static Map<Long, RuleSet> rules(Map<Long, String> yamlByRevision) {
    Map<Long, RuleSet> rules = new LinkedHashMap<>();
    yamlByRevision.forEach(
        (revision, yaml) ->
            rules.put(
                revision,
                RuleSet.of(
                    new RulesReader(ALGORITHMS).read("test.yaml", yaml).withRevision(revision))));
    return rules;
  }

  static Check check(LimitCheck check, long timestampMillis, long floorMillis) {
    return new Check(
        KeyText.of(check.getIdentifier()),
        limits(check),
        check.getCost(),
        timestampMillis,
        floorMillis,
        check.getRulesRevision());
  }

  static Run.Task task(LimitCheck check) {
    return switch (check.getTask()) {
      case CHARGE -> new Run.Task.Charge(check.getCost());
      case REFUND ->
          new Run.Task.Refund(check.getCost(), Objects.requireNonNull(check.getChargedAtMs()));
      case RESET -> new Run.Task.Reset();
      case UNKNOWN -> throw new AssertionError("a check of an unknown task: " + check);
    };
  }

  static List<ApplicableLimit> limits(LimitCheck check) {
    return check.getLimits().stream().map(limit -> limit(check.getIdentifier(), limit)).toList();
  }

  private static ApplicableLimit limit(String identifier, CheckedLimit limit) {
    return new ApplicableLimit(
        KeyText.of(identifier + limit.getStateKey()),
        limit.getRule(),
        limit(limit.getAlgorithm(), limit.getRequests(), limit.getPeriodMs(), limit.getBurst()),
        LimitMode.valueOf(limit.getMode().name()));
  }

  static Answer answer(LimitAnswer answer) {
    return new Answer(
        KeyText.of(answer.getIdentifier()),
        answer.getLimits().stream().map(TopicRecords::limit).toList(),
        answer.getNowMs());
  }

  private static Answer.LimitAnswer limit(AnsweredLimit limit) {
    return new Answer.LimitAnswer(
        LimiterDecisions.status(limit.getStatus()),
        Optional.ofNullable(limit.getHeld())
            .map(held -> new Usage(held.getRemaining(), held.getResetAtMs())));
  }

  private static Limit limit(String algorithm, long requests, long periodMillis, long burst) {
    return new Limit(ALGORITHMS.find(algorithm).orElseThrow(), requests, periodMillis, burst);
  }
}
