package io.weir.streams.query;

import java.util.List;

/**
 * The limits that apply to a request.
 *
 * @param domain the domain asked about
 * @param rulesRevision the revision of its rules; 0 where it has none
 * @param matched whether any node that carries a limit was met, an unlimited one included
 * @param limits the limits by identifier in rule order; of one identifier the binding limit first
 */
public record LimitsAnswer(
    String domain, long rulesRevision, boolean matched, List<LimitReport> limits) {

  /** Copies the list. */
  public LimitsAnswer {
    limits = List.copyOf(limits);
  }
}
