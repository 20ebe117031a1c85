package io.weir.limiter;

import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import java.util.ArrayList;
import java.util.List;
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
    Set<KeyText> keys =
        match.identifiers().stream()
            .flatMap(each -> each.limits().stream())
            .map(ApplicableLimit::key)
            .collect(Collectors.toSet());
    List<LimitStatus> statuses =
        decision.statuses().stream().filter(status -> keys.contains(status.key())).toList();
    return statuses.isEmpty()
        ? new DescriptorStatus(decision.verdict(), Reason.BACKEND_FAILED, List.of())
        : Verdicts.ofDescriptor(statuses);
  }
}
