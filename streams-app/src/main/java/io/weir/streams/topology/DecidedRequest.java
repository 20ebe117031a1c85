package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.rule.DomainRules;

/**
 * A request and the decision on it: the value of a record of the decisions topic.
 *
 * @param requestId the caller's name for the request, in bounds
 * @param domain the namespace of the rules, in bounds
 * @param decision the decision
 * @param duplicate whether it is an earlier one that is repeated, and nothing was charged
 */
public record DecidedRequest(
    String requestId, String domain, Decision decision, boolean duplicate) {
  /** Header of its record with the request_id, to filter by without decoding. */
  public static final String REQUEST_ID_HEADER = "request_id";

  /** A decision that is made now. */
  public DecidedRequest(String requestId, String domain, Decision decision) {
    this(requestId, domain, decision, false);
  }

  /** Of a request's own words, which are cut where they are out of bounds. */
  public static DecidedRequest of(String requestId, String domain, Decision decision) {
    return of(requestId, domain, decision, false);
  }

  /**
   * Of a request's own words, which are cut where they are out of bounds.
   *
   * @param duplicate whether an earlier decision is repeated
   */
  static DecidedRequest of(String requestId, String domain, Decision decision, boolean duplicate) {
    return new DecidedRequest(
        RequestBounds.cut(requestId, RequestBounds.MAX_REQUEST_ID_CHARS),
        RequestBounds.cut(domain, DomainRules.MAX_DOMAIN_CHARS),
        decision,
        duplicate);
  }
}
