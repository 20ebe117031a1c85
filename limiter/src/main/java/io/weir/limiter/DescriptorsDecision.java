package io.weir.limiter;

import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.OnError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The answer to a {@link DescriptorsRequest}: the decision on the whole of it, and how each
 * descriptor stands. Immutable.
 *
 * @param decision the decision; all limits of all descriptors were judged together
 * @param descriptors the descriptors, in the order of the request; none where the request was
 *     {@link Reason#INVALID_REQUEST}
 */
public record DescriptorsDecision(Decision decision, List<DescriptorStatus> descriptors) {

  /** Copies the list. */
  public DescriptorsDecision {
    descriptors = List.copyOf(descriptors);
  }

  /**
   * A decision with what it says of each descriptor.
   *
   * @param matches what applies to each
   */
  public static DescriptorsDecision of(Decision decision, List<Match> matches) {
    List<DescriptorStatus> descriptors = new ArrayList<>(matches.size());
    for (Match match : matches) {
      descriptors.add(status(decision, match));
    }
    return new DescriptorsDecision(decision, descriptors);
  }

  private static DescriptorStatus status(Decision decision, Match match) {
    if (match.identifiers().isEmpty()) {
      return new DescriptorStatus(Verdict.ALLOW, Decision.reasonWithoutLimits(match), List.of());
    }
    List<ApplicableLimit> limits =
        match.identifiers().stream().flatMap(each -> each.limits().stream()).toList();
    Set<KeyText> keys = limits.stream().map(ApplicableLimit::key).collect(Collectors.toSet());
    List<LimitStatus> statuses =
        decision.statuses().stream().filter(status -> keys.contains(status.key())).toList();
    if (!statuses.isEmpty()) {
      return Verdicts.ofDescriptor(statuses);
    }
    boolean allows = decision.isAllowed() || limits.stream().allMatch(DescriptorsDecision::allows);
    return new DescriptorStatus(
        allows ? Verdict.ALLOW : Verdict.DENY, Reason.BACKEND_FAILED, List.of());
  }

  /** Whether a limit that cannot be asked says by itself that it allows. */
  private static boolean allows(ApplicableLimit limit) {
    return limit.mode() == LimitMode.SHADOW || limit.onError().equals(Optional.of(OnError.ALLOW));
  }
}
