package io.weir.limiter;

import io.weir.limiter.rule.RequestedDescriptor;
import java.util.List;
import java.util.Objects;

/**
 * A request that spells out its descriptors, as Envoy's do, instead of attributes that rules match
 * on. Each descriptor meets the limits of the node that its last entry leads to, and no other
 * ({@link io.weir.limiter.rule.RuleSet#matchDescriptor}). Immutable.
 *
 * @param domain the namespace of rules to judge by, not empty
 * @param descriptors at least one
 */
public record DescriptorsRequest(String domain, List<RequestedDescriptor> descriptors) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the domain is empty, or there is no descriptor
   */
  public DescriptorsRequest {
    Objects.requireNonNull(domain, "the domain is null");
    if (domain.isEmpty()) {
      throw new IllegalArgumentException("the domain is empty; name the domain of the rules");
    }
    descriptors = List.copyOf(descriptors);
    if (descriptors.isEmpty()) {
      throw new IllegalArgumentException("there is no descriptor; a request needs at least one");
    }
  }
}
