package io.weir.limiter.tck;

import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;

/** What {@link RateLimiterTck} needs to know of a limiter. */
public abstract class LimiterKit {
  /** A whole minute, and a whole hour: 2026-01-01T00:00:00Z. */
  protected static final long START = 1_767_225_600_000L;

  static final String DOMAIN = "api";

  /** A running limiter whose time the kit sets. */
  public interface Subject extends AutoCloseable {

    /**
     * Judges a request that is made at the given time, which may be earlier than that of the
     * request before it.
     *
     * @param timestampMillis milliseconds since the epoch
     */
    Decision decide(Request request, long timestampMillis);

    /**
     * Judges a request whose descriptors are spelt out, as {@link
     * io.weir.limiter.RateLimiter#checkDescriptors} does. A limiter that is not asked so has
     * nothing to implement here; {@link #judgesDescriptors} says so to the kit.
     *
     * @param timestampMillis milliseconds since the epoch
     * @throws UnsupportedOperationException if the limiter is not asked so
     */
    default DescriptorsDecision decideDescriptors(
        DescriptorsRequest request, long timestampMillis) {
      throw new UnsupportedOperationException("this limiter is asked by attributes only");
    }

    /**
     * Gives back what a request took, as {@link io.weir.limiter.RateLimiter#refund} does, at the
     * given time. A limiter that cannot yet has nothing to implement here; {@link
     * #refundsAndResets} says so to the kit.
     *
     * @param chargedAtMillis the time that the request was judged at, in milliseconds since the
     *     epoch
     * @param timestampMillis milliseconds since the epoch
     * @throws UnsupportedOperationException if the limiter takes no refunds
     */
    default Decision refund(Request request, long chargedAtMillis, long timestampMillis) {
      throw new UnsupportedOperationException("this limiter takes no refunds");
    }

    /**
     * Forgets the identifiers of a request, as {@link io.weir.limiter.RateLimiter#reset} does, at
     * the given time. For one that cannot yet see {@link #refund}.
     *
     * @param timestampMillis milliseconds since the epoch
     * @throws UnsupportedOperationException if the limiter takes no resets
     */
    default Decision reset(Request request, long timestampMillis) {
      throw new UnsupportedOperationException("this limiter takes no resets");
    }

    /** Puts other rules in force. */
    void changeRules(RuleSet rules);

    /** Lets whatever expiry the limiter has do all that it can do now. */
    void expire();

    @Override
    void close();
  }

  /**
   * Starts the limiter under test, without state.
   *
   * @param rules the rules in force
   * @param lateness how far a request may be behind the newest one and still be judged at its own
   *     time
   */
  protected abstract Subject start(RuleSet rules, Duration lateness);

  /**
   * Whether a request may match rules under several identifiers. Where it may not, it must be
   * denied as {@link Reason#INVALID_REQUEST}, with a message that names them.
   */
  protected boolean judgesSeveralIdentifiers() {
    return true;
  }

  /**
   * Whether the limits of several identifiers are judged in one place. Where they are not, each has
   * a time of its own, which differs from the others' where requests come late; and a request that
   * another identifier denied may have brought a row under changed rules, or its clock to its own
   * time. Random histories with several identifiers go without these then.
   */
  protected boolean judgesAllIdentifiersInOnePlace() {
    return true;
  }

  /** Whether the limiter judges requests whose descriptors are spelt out. */
  protected boolean judgesDescriptors() {
    return true;
  }

  /** Whether a request can say how long it would wait for a turn: {@link Request#withMaxDelay}. */
  protected boolean boundsDelays() {
    return true;
  }

  /**
   * Whether the limiter takes refunds and resets. Where it does not, the subject must refuse both
   * with an {@link UnsupportedOperationException}; their examples are skipped then, and random
   * histories go without.
   */
  protected boolean refundsAndResets() {
    return true;
  }

  final Subject start(String descriptors) {
    return start(rules(descriptors), Duration.ofMinutes(5));
  }

  static RuleSet rules(String descriptors) {
    return Rules.of(DOMAIN, descriptors);
  }

  static Request user(String id) {
    return Request.of(DOMAIN, "user_id", id);
  }

  static int allowed(Subject subject, Request request, long timestampMillis, int times) {
    int allowed = 0;
    for (int i = 0; i < times; i++) {
      allowed += subject.decide(request, timestampMillis).verdict() == Verdict.ALLOW ? 1 : 0;
    }
    return allowed;
  }

  /** All of a decision but the revision, which each limiter counts in its own way. */
  protected static Decision withoutRevision(Decision decision) {
    return new Decision(
        decision.verdict(),
        decision.reason(),
        decision.message(),
        decision.identifierText(),
        decision.statuses(),
        decision.retryAfterMillis(),
        decision.delayMillis(),
        0,
        decision.timestampMillis(),
        decision.nowMillis(),
        decision.degraded());
  }
}
