package io.weir.limiter;

import java.util.List;

/**
 * How one descriptor of a {@link DescriptorsRequest} stands after the decision.
 *
 * @param verdict what its limits alone say of the request; ALLOW where it has none. Where they
 *     could not be judged and do not say themselves what follows, that of the request
 * @param reason why; {@link Reason#NO_RULE} and {@link Reason#UNLIMITED} where it has no limit
 * @param statuses those of its limits, the binding one first; none where they were not judged
 */
public record DescriptorStatus(Verdict verdict, Reason reason, List<LimitStatus> statuses) {

  /** Copies the list. */
  public DescriptorStatus {
    statuses = List.copyOf(statuses);
  }
}
