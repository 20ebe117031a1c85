package io.weir.streams.topology;

import io.weir.limiter.rule.ApplicableLimit;
import java.util.List;

/**
 * A valid request, and the limits under its one identifier: what remains is to judge it.
 *
 * @param requestId the caller's name for the request
 * @param domain the namespace of the rules
 * @param identifier who is limited
 * @param limits the limits in rule order, at least one
 * @param cost tokens that are taken; 0 peeks
 * @param rulesRevision the revision that the limits are from
 */
record RequestCheck(
    String requestId,
    String domain,
    String identifier,
    List<ApplicableLimit> limits,
    long cost,
    long rulesRevision) {

  RequestCheck {
    limits = List.copyOf(limits);
  }
}
