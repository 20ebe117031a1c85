package io.weir.streams.query;

import java.util.List;

/**
 * The limits that apply to a request.
 *
 * @param domain the domain asked about
 * @param rulesRevision the revision of its rules; 0 where it has none
 * @param matched whether any node that carries a limit was met, an unlimited one included
 * @param warnings what the caller may have meant otherwise, one sentence each
 * @param limits the limits by identifier in rule order; of one identifier the binding limit first
 */
public record LimitsAnswer(
    String domain,
    long rulesRevision,
    boolean matched,
    List<String> warnings,
    List<LimitReport> limits) {

  /** Copies the lists. */
  public LimitsAnswer {
    warnings = List.copyOf(warnings);
    limits = List.copyOf(limits);
  }
}
