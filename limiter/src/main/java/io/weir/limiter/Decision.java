package io.weir.limiter;

import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to one request. Immutable.
 *
 * @param verdict may the request proceed?
 * @param reason why
 * @param message for {@link Reason#INVALID_REQUEST}: one sentence that says what is wrong; for a
 *     degraded decision: why it is one
 * @param identifierText who was limited, or reset: domain and first descriptor entry,
 *     percent-encoded; of several the first in rule order; empty where there is none
 * @param statuses the statuses of all limits that applied, the binding one first
 * @param retryAfterMillis for {@link Reason#OVER_LIMIT}: milliseconds after the request's own
 *     timestamp at which the same request would be admitted if nothing else came, rounded up
 * @param delayMillis milliseconds after {@code nowMillis} that an allowed request should wait for
 *     its turn, the longest over its limits; 0 without leaky buckets
 * @param rulesRevision the revision of the rules that judged
 * @param timestampMillis the request's own time, in milliseconds since the epoch
 * @param nowMillis the time it was judged at: its own, or later where it was late
 * @param degraded whether it was made without the state that it should have been made by, because
 *     that could not be asked in time: by what the rules say for such a case ({@code on_error})
 */
public record Decision(
    Verdict verdict,
    Reason reason,
    Optional<String> message,
    Optional<KeyText> identifierText,
    List<LimitStatus> statuses,
    OptionalLong retryAfterMillis,
    long delayMillis,
    long rulesRevision,
    long timestampMillis,
    long nowMillis,
    boolean degraded) {

  /** Copies the list. */
  public Decision {
    statuses = List.copyOf(statuses);
  }

  /** A decision that is not degraded. */
  public Decision(
      Verdict verdict,
      Reason reason,
      Optional<String> message,
      Optional<KeyText> identifierText,
      List<LimitStatus> statuses,
      OptionalLong retryAfterMillis,
      long delayMillis,
      long rulesRevision,
      long timestampMillis,
      long nowMillis) {
    this(
        verdict,
        reason,
        message,
        identifierText,
        statuses,
        retryAfterMillis,
        delayMillis,
        rulesRevision,
        timestampMillis,
        nowMillis,
        false);
  }

  /** Who was limited, or reset, as a string that is made anew. */
  public Optional<String> identifier() {
    return identifierText.map(KeyText::toString);
  }

  /**
   * The decision for a request that no limit had a say in: allowed.
   *
   * @param match what the rules said; without identifiers
   * @param timestampMillis the request's own time, in milliseconds since the epoch
   */
  public static Decision withoutLimits(Match match, long timestampMillis) {
    return new Decision(
        Verdict.ALLOW,
        reasonWithoutLimits(match),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        OptionalLong.empty(),
        0,
        match.revision(),
        timestampMillis,
        timestampMillis);
  }

  static Reason reasonWithoutLimits(Match match) {
    return match.matched() ? Reason.UNLIMITED : Reason.NO_RULE;
  }

  /**
   * The decision for a request that makes no sense: denied.
   *
   * @param message one sentence that says what is wrong
   * @param timestampMillis the request's own time, in milliseconds since the epoch
   * @param nowMillis the time that it was looked at
   */
  public static Decision invalid(String message, long timestampMillis, long nowMillis) {
    return new Decision(
        Verdict.DENY,
        Reason.INVALID_REQUEST,
        Optional.of(message),
        Optional.empty(),
        List.of(),
        OptionalLong.empty(),
        0,
        0,
        timestampMillis,
        nowMillis);
  }

  /**
   * The decision for a request that is too old to judge: nothing is charged.
   *
   * @param match the limits that it would have been judged by, at least one identifier
   * @param verdict what whoever runs the limiter wants for such requests
   * @param timestampMillis the request's own time, in milliseconds since the epoch
   * @param nowMillis the time that it was looked at
   */
  public static Decision expired(
      Match match, Verdict verdict, long timestampMillis, long nowMillis) {
    return new Decision(
        verdict,
        Reason.EXPIRED,
        Optional.empty(),
        Optional.of(match.identifiers().get(0).identifierText()),
        List.of(),
        OptionalLong.empty(),
        0,
        match.revision(),
        timestampMillis,
        nowMillis);
  }

  /**
   * The decision for a request whose limits could not be asked in time: nothing was judged.
   *
   * @param match the limits that it would have been judged by, at least one identifier
   * @param verdict what their rules say for this case
   * @param message why they could not be asked
   * @param timestampMillis the time of the decision, in milliseconds since the epoch
   */
  public static Decision unjudged(
      Match match, Verdict verdict, String message, long timestampMillis) {
    return new Decision(
        verdict,
        Reason.BACKEND_FAILED,
        Optional.of(message),
        Optional.of(match.identifiers().get(0).identifierText()),
        List.of(),
        OptionalLong.empty(),
        0,
        match.revision(),
        timestampMillis,
        timestampMillis,
        true);
  }

  /**
   * This decision as one that was made by other state than it should have been.
   *
   * @param why why the right state could not be asked
   */
  public Decision asDegraded(String why) {
    return new Decision(
        verdict,
        reason,
        Optional.of(why),
        identifierText,
        statuses,
        retryAfterMillis,
        delayMillis,
        rulesRevision,
        timestampMillis,
        nowMillis,
        true);
  }

  /**
   * This decision for a request that was made at another time than the one that it was judged by,
   * which tells the waits: they are told from the request's own.
   *
   * @param requestMillis the request's own time, in milliseconds since the epoch
   */
  public Decision requestedAt(long requestMillis) {
    long laterMillis = timestampMillis - requestMillis;
    return new Decision(
        verdict,
        reason,
        message,
        identifierText,
        statuses.stream().map(status -> status.withLaterRetry(laterMillis)).toList(),
        LimitStatus.later(retryAfterMillis, laterMillis),
        delayMillis,
        rulesRevision,
        requestMillis,
        nowMillis,
        degraded);
  }

  /**
   * This decision on an allowed request whose turn comes too late for who made it: denied, with the
   * time from which on the turn would come soon enough. Whoever says so gives the tokens back.
   *
   * @param maxDelayMillis the longest delay that would do, in milliseconds, less than {@code
   *     delayMillis}
   */
  public Decision asTooLate(long maxDelayMillis) {
    List<LimitStatus> latestFirst =
        statuses.stream()
            .sorted(Comparator.comparingLong(LimitStatus::delayMillis).reversed())
            .toList();
    return new Decision(
        Verdict.DENY,
        Reason.OVER_LIMIT,
        message,
        identifierText,
        latestFirst,
        OptionalLong.of(delayMillis - maxDelayMillis),
        0,
        rulesRevision,
        timestampMillis,
        nowMillis,
        degraded);
  }

  /**
   * This decision on a request that was allowed and charged before, though it would not be by the
   * rules that are in force now.
   */
  public Decision asAllowedBefore() {
    return new Decision(
        Verdict.ALLOW,
        Reason.WITHIN_LIMIT,
        Optional.empty(),
        identifierText,
        statuses,
        OptionalLong.empty(),
        0,
        rulesRevision,
        timestampMillis,
        nowMillis,
        degraded);
  }

  /** Whether the verdict is {@link Verdict#ALLOW}. */
  public boolean isAllowed() {
    return verdict == Verdict.ALLOW;
  }
}
