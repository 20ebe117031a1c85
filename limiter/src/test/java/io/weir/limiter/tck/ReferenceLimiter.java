package io.weir.limiter.tck;

import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.Judge;
import io.weir.limiter.Judgement;
import io.weir.limiter.Request;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The slow and obvious limiter that others are compared with: one map, one thread, nothing is ever
 * forgotten. A request with several identifiers is judged by all their limits together.
 */
public final class ReferenceLimiter implements LimiterKit.Subject {
  private final Judge judge = new Judge();
  private final Map<KeyText, StoredLimit> rows = new HashMap<>();
  private final long latenessMillis;
  private RuleSet rules;
  private long newestMillis;

  /** A limiter without state. */
  public ReferenceLimiter(RuleSet rules, Duration lateness) {
    this.rules = rules;
    this.latenessMillis = lateness.toMillis();
  }

  @Override
  public Decision decide(Request request, long timestampMillis) {
    Match match = rules.match(request.domain(), request.attributes());
    if (match.identifiers().isEmpty()) {
      return Decision.withoutLimits(match, timestampMillis);
    }
    newestMillis = Math.max(newestMillis, timestampMillis);
    return judge(
        Check.of(
            match.withMaxDelay(request.maxDelayMillis()),
            request.cost(),
            timestampMillis,
            newestMillis - latenessMillis));
  }

  @Override
  public DescriptorsDecision decideDescriptors(DescriptorsRequest request, long timestampMillis) {
    List<Match> each = rules.matchDescriptors(request.domain(), request.descriptors());
    Match all = Match.joined(each);
    if (all.identifiers().isEmpty()) {
      return DescriptorsDecision.of(Decision.withoutLimits(all, timestampMillis), each);
    }
    newestMillis = Math.max(newestMillis, timestampMillis);
    return DescriptorsDecision.of(
        judge(Check.of(all, 0, timestampMillis, newestMillis - latenessMillis)), each);
  }

  @Override
  public Decision refund(Request request, long chargedAtMillis, long timestampMillis) {
    Match match = rules.match(request.domain(), request.attributes());
    if (match.identifiers().isEmpty()) {
      return Decision.withoutLimits(match, timestampMillis);
    }
    newestMillis = Math.max(newestMillis, timestampMillis);
    Check check = Check.of(match, request.cost(), timestampMillis, newestMillis - latenessMillis);
    return keep(judge.refund(check, chargedAtMillis, this::find));
  }

  @Override
  public Decision reset(Request request, long timestampMillis) {
    Match match = rules.matchIdentifiers(request.domain(), request.attributes());
    if (match.identifiers().isEmpty()) {
      return Decision.withoutLimits(match, timestampMillis);
    }
    newestMillis = Math.max(newestMillis, timestampMillis);
    for (IdentifierLimits each : match.identifiers()) {
      rows.keySet().removeIf(key -> Identifiers.identifierOf(key).equals(each.identifierText()));
    }
    return judge.reset(match, timestampMillis, newestMillis - latenessMillis);
  }

  /** Judges a check as it stands and keeps what it charges. */
  public Decision judge(Check check) {
    return keep(judge.judge(check, this::find));
  }

  private Optional<StoredLimit> find(KeyText key) {
    return Optional.ofNullable(rows.get(key));
  }

  private Decision keep(Judgement judgement) {
    judgement.writes().forEach(write -> rows.put(write.key(), write.row()));
    return judgement.decision();
  }

  @Override
  public void changeRules(RuleSet newRules) {
    rules = newRules;
  }

  /** Does nothing: that nobody can tell is the point. */
  @Override
  public void expire() {}

  @Override
  public void close() {}
}
