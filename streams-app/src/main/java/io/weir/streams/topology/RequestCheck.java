package io.weir.streams.topology;

import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import java.util.List;
import java.util.Optional;

/**
 * A valid request, and the limits under one of its identifiers: what remains is to do it there.
 *
 * @param requestId the caller's name for the request
 * @param domain the namespace of the rules
 * @param identifierText who is limited
 * @param limits the limits in rule order; at least one, unless it resets
 * @param task what is asked of them
 * @param rulesRevision the revision that the limits are from
 * @param hold where the request has several identifiers: which of them this is
 */
record RequestCheck(
    String requestId,
    String domain,
    KeyText identifierText,
    List<ApplicableLimit> limits,
    CheckTask task,
    long rulesRevision,
    Optional<HoldRef> hold) {

  RequestCheck {
    limits = List.copyOf(limits);
  }
}
