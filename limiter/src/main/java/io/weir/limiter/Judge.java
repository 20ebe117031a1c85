package io.weir.limiter;

import io.weir.limiter.Answer.LimitAnswer;
import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.Outcome;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges one request by all limits that apply to it, as a pure step: from limits, rows, time and
 * cost to a decision and the rows to write. Every door uses it, so that memory, topology and
 * queries decide alike. Stateless and thread-safe.
 *
 * <p><b>Time.</b> All limits are judged at one time, {@code now = max(timestamp, floor, last
 * admission of each row)}: a late request or a clock set back never takes tokens away. The wait
 * before another try is reported from the request's own timestamp, the delay of an admitted request
 * from {@code now}.
 *
 * <p><b>Delay.</b> A limit that would give a later turn than who asks would wait for refuses as one
 * that has no room, until the turn would come soon enough.
 *
 * <p><b>Verdict.</b> DENY if any enforced limit refuses, or if there are quota limits and all of
 * them refuse; shadow limits never deny. A DENY charges nothing. An ALLOW charges every limit that
 * admitted, and none of the exhausted shadow and quota limits.
 *
 * <p><b>Binding limit.</b> It is the first status. Of a DENY it is the one that is waited for
 * longest; quota limits, of which one suffices, are waited for together, up to the soonest. Of an
 * ALLOW it is the one that has least left.
 */
public final class Judge {
  /**
   * An answer and what must be written for it to hold.
   *
   * @param answer the answer
   * @param writes the rows to write, all or none; empty where nothing is held
   */
  public record Held(Answer answer, List<Judgement.Write> writes) {
    /** Copies the list. */
    public Held {
      writes = List.copyOf(writes);
    }
  }

  /** Finds the rows to judge by. */
  @FunctionalInterface
  public interface Rows {
    /** The row of a state key; empty if nothing is remembered. */
    Optional<StoredLimit> find(KeyText key);
  }

  /** Judges one request. */
  public Judgement judge(Check check, Rows rows) {
    @Nullable StoredLimit[] found = FoundRows.find(check, rows);
    long nowMillis = FoundRows.nowMillis(check, found);
    Evaluation[] evaluations = evaluate(check, found, nowMillis);
    Verdict verdict = Verdicts.of(evaluations);
    boolean charge = verdict == Verdict.ALLOW;
    LimitStatus[] statuses = new LimitStatus[evaluations.length];
    for (int i = 0; i < statuses.length; i++) {
      statuses[i] = evaluations[i].status(check.timestampMillis(), nowMillis, charge);
    }
    Decision decision =
        Verdicts.decide(
            verdict,
            statuses,
            check.identifierText(),
            check.rulesRevision(),
            check.timestampMillis(),
            nowMillis);
    return new Judgement(decision, charge ? writes(evaluations) : List.of());
  }

  /**
   * Asks the limits of one identifier of a request that has several, and holds the cost in all that
   * admit it, unless an enforced one refuses: then the decision is known, and nothing is held.
   *
   * <p>Where its check comes once more, it is judged as if the first had not been, and holds anew.
   * If it is refused this time, what is held stays and the answer says so: whoever decides may have
   * allowed it by the first answer, and releases it if not.
   *
   * @param check the limits of this identifier alone
   * @param id whose hold it is
   */
  public Held hold(Check check, HoldId id, HoldBounds bounds, Rows rows) {
    @Nullable StoredLimit[] found = FoundRows.find(check, rows);
    @Nullable StoredLimit[] before = new StoredLimit[found.length];
    for (int i = 0; i < found.length; i++) {
      StoredLimit row = found[i];
      before[i] = row == null ? null : row.released(id).orElse(row);
    }
    long nowMillis = FoundRows.nowMillis(check, before);
    Evaluation[] evaluations = evaluate(check, before, nowMillis);
    boolean hold = true;
    for (Evaluation evaluation : evaluations) {
      hold &= evaluation.admits() || evaluation.mode() != LimitMode.ENFORCED;
    }
    List<LimitAnswer> answers = new ArrayList<>(evaluations.length);
    List<Judgement.Write> writes = new ArrayList<>(evaluations.length);
    for (int i = 0; i < evaluations.length; i++) {
      Evaluation evaluation = evaluations[i];
      StoredLimit held = found[i] == null || !found[i].isHolding(id) ? null : found[i];
      if (hold && evaluation.charged() != null) {
        held = evaluation.charged().holding(id, nowMillis, evaluation.cost(), bounds);
        writes.add(new Judgement.Write(evaluation.limit().key(), held));
      }
      answers.add(
          new LimitAnswer(
              evaluation.status(check.timestampMillis(), nowMillis, false),
              held == null
                  ? Optional.empty()
                  : Optional.of(usage(evaluation.limit().limit(), Optional.of(held), nowMillis))));
    }
    return new Held(new Answer(check.identifierText(), answers, nowMillis), writes);
  }

  /**
   * The decision that the answers of all identifiers of a request come to, judged as if all their
   * limits were in one place.
   *
   * @param answers those of all identifiers, in rule order, at least one
   * @param rulesRevision the revision of the rules that the limits are from
   * @param timestampMillis the request's own time, in milliseconds since the epoch
   * @throws IllegalArgumentException if there is no answer
   */
  public Decision decide(List<Answer> answers, long rulesRevision, long timestampMillis) {
    LimitAnswer[] limits = limits(answers);
    Verdict verdict = Verdicts.of(limits);
    LimitStatus[] statuses = new LimitStatus[limits.length];
    for (int i = 0; i < statuses.length; i++) {
      statuses[i] = limits[i].after(verdict);
    }
    return Verdicts.decide(
        verdict,
        statuses,
        answers.get(0).identifierText(),
        rulesRevision,
        timestampMillis,
        nowMillis(answers));
  }

  /**
   * The decision on a request of which not all identifiers answered in time: denied, and nothing is
   * charged.
   *
   * @param answers those that came, in rule order, at least one
   * @throws IllegalArgumentException if there is no answer
   */
  public Decision timeOut(List<Answer> answers, long rulesRevision, long timestampMillis) {
    List<LimitStatus> statuses = new ArrayList<>();
    for (LimitAnswer limit : limits(answers)) {
      statuses.add(limit.status());
    }
    return new Decision(
        Verdict.DENY,
        Reason.TIMEOUT,
        Optional.empty(),
        Optional.of(answers.get(0).identifierText()),
        statuses,
        OptionalLong.empty(),
        0,
        rulesRevision,
        timestampMillis,
        nowMillis(answers));
  }

  /**
   * The decision that the answers of all identifiers come to of a request that asks for no tokens.
   *
   * @param reason {@link Reason#REFUNDED} or {@link Reason#RESET}
   * @param answers those of all identifiers, in rule order, at least one
   * @param rulesRevision the revision of the rules that the limits are from
   * @param timestampMillis the request's own time, in milliseconds since the epoch
   * @throws IllegalArgumentException if there is no answer
   */
  public Decision corrected(
      Reason reason, List<Answer> answers, long rulesRevision, long timestampMillis) {
    return Verdicts.granted(
        reason,
        Stream.of(limits(answers)).map(LimitAnswer::status).toArray(LimitStatus[]::new),
        answers.get(0).identifierText(),
        rulesRevision,
        timestampMillis,
        nowMillis(answers));
  }

  /**
   * Gives tokens back that a request took, by the word of who says so: as many as its cost, and
   * never more than is used. In that, all limits are alike, shadows and quotas too: one that was
   * exhausted and so was not charged gives back what others took. A row that was written under
   * other numbers gives back under those and keeps them; one of another algorithm, or none, gives
   * nothing. The rows' times stay.
   *
   * @param check the limits, and how many tokens came back
   * @param chargedAtMillis {@link Decision#nowMillis()} of the decision that took them. Windows and
   *     logs, which remember when, give back nothing where it is not theirs
   * @throws IllegalArgumentException if the cost or the time is out of range
   */
  public Judgement refund(Check check, long chargedAtMillis, Rows rows) {
    return Corrections.refund(check, chargedAtMillis, rows);
  }

  /**
   * The decision for a reset, after which nothing is remembered of the identifiers: their limits
   * stand as for ones never seen. The caller removes all their rows, those of limits that the
   * request does not meet too ({@link io.weir.limiter.rule.Identifiers#rowPrefix}).
   *
   * @param match what {@link io.weir.limiter.rule.RuleSet#matchIdentifiers} gives, at least one
   *     identifier
   * @param timestampMillis the request's own time, in milliseconds since the epoch, 0 or more
   * @param floorMillis the earliest time that may be judged at
   * @throws IllegalArgumentException if there is no identifier
   */
  public Decision reset(Match match, long timestampMillis, long floorMillis) {
    return Corrections.reset(match, timestampMillis, floorMillis);
  }

  private static long nowMillis(List<Answer> answers) {
    return answers.stream().mapToLong(Answer::nowMillis).max().orElseThrow();
  }

  private static LimitAnswer[] limits(List<Answer> answers) {
    if (answers.isEmpty()) {
      throw new IllegalArgumentException("a decision needs at least one answer");
    }
    return answers.stream().flatMap(answer -> answer.limits().stream()).toArray(LimitAnswer[]::new);
  }

  private static Evaluation[] evaluate(Check check, @Nullable StoredLimit[] found, long nowMillis) {
    Evaluation[] evaluations = new Evaluation[found.length];
    for (int i = 0; i < found.length; i++) {
      evaluations[i] = evaluate(check, check.limits().get(i), found[i], nowMillis);
    }
    return evaluations;
  }

  /**
   * How a limit stands, for one who only asks.
   *
   * @param nowMillis the time of asking; where the row's last admission is later, that one counts
   */
  public Usage usage(Limit limit, Optional<StoredLimit> row, long nowMillis) {
    long lastMillis = row.map(it -> it.state().lastMillis()).orElse(nowMillis);
    return FoundRows.usage(limit, row.orElse(null), Math.max(nowMillis, lastMillis));
  }

  private static Evaluation evaluate(
      Check check, ApplicableLimit applicable, @Nullable StoredLimit row, long nowMillis) {
    return evaluate(applicable.limit().algorithm(), check, applicable, row, nowMillis);
  }

  private static <S extends LimitState> Evaluation evaluate(
      Algorithm<S> algorithm,
      Check check,
      ApplicableLimit applicable,
      @Nullable StoredLimit row,
      long nowMillis) {
    Limit limit = applicable.limit();
    S state = FoundRows.stateUnder(algorithm, limit, row, nowMillis);
    long cost = applicable.cost(check.cost());
    Outcome<S> outcome = algorithm.check(limit, state, nowMillis, Math.max(1, cost));
    if (outcome instanceof Outcome.Admitted<S> admitted) {
      long tooLateMillis = admitted.delayMillis() - check.maxDelayMillis();
      if (tooLateMillis > 0) {
        return new Evaluation(
            applicable, cost, state, null, OptionalLong.of(nowMillis + tooLateMillis), 0);
      }
      return new Evaluation(
          applicable,
          cost,
          state,
          row == null
              ? new StoredLimit(limit, admitted.next())
              : row.charged(limit, admitted.next(), nowMillis),
          OptionalLong.empty(),
          admitted.delayMillis());
    }
    OptionalLong readyAtMillis =
        outcome instanceof Outcome.Denied<S> denied
            ? OptionalLong.of(
                denied.readyAtMillis()
                    + tooLateMillis(algorithm, check, limit, state, denied.readyAtMillis(), cost))
            : OptionalLong.empty();
    return new Evaluation(applicable, cost, state, null, readyAtMillis, 0);
  }

  /** How much later than who asks would wait the turn is that there would be at a time; or 0. */
  private static <S extends LimitState> long tooLateMillis(
      Algorithm<S> algorithm, Check check, Limit limit, S state, long atMillis, long cost) {
    if (check.maxDelayMillis() == Long.MAX_VALUE) {
      return 0; // As nearly always.
    }
    Outcome<S> then = algorithm.check(limit, state, atMillis, Math.max(1, cost));
    return Math.max(0, then.delayMillis() - check.maxDelayMillis());
  }

  /** The rows of an allowed request; none where it peeks, or only shadows and quotas refuse. */
  private static List<Judgement.Write> writes(Evaluation[] evaluations) {
    Judgement.Write[] writes = new Judgement.Write[evaluations.length];
    int count = 0;
    for (Evaluation evaluation : evaluations) {
      if (evaluation.charged() != null) {
        writes[count++] = new Judgement.Write(evaluation.limit().key(), evaluation.charged());
      }
    }
    return List.of(count == writes.length ? writes : Arrays.copyOf(writes, count));
  }

  private static OptionalLong after(OptionalLong timeMillis, long timestampMillis) {
    return timeMillis.isEmpty()
        ? timeMillis
        : OptionalLong.of(timeMillis.getAsLong() - timestampMillis);
  }

  /**
   * What one limit says.
   *
   * @param cost the tokens that it is asked for; 0 peeks
   * @param state what was remembered
   * @param next the row after the charge; null where the limit refuses
   * @param readyAtMillis where it refuses: when it would admit; empty if never
   */
  private record Evaluation(
      ApplicableLimit limit,
      long cost,
      LimitState state,
      @Nullable StoredLimit next,
      OptionalLong readyAtMillis,
      long delayMillis)
      implements Verdicts.Opinion {

    @Override
    public boolean admits() {
      return next != null;
    }

    @Override
    public LimitMode mode() {
      return limit.mode();
    }

    /** The row to write if the request is allowed; null where nothing is taken. */
    @Nullable StoredLimit charged() {
      return cost > 0 ? next : null;
    }

    /** How the limit stands after the charge, or as it is. */
    LimitStatus status(long timestampMillis, long nowMillis, boolean charged) {
      Usage usage = usage(limit.limit().algorithm(), nowMillis, charged);
      return new LimitStatus(
          limit.key(),
          limit.rule(),
          limit.limit(),
          limit.mode(),
          admits() ? Verdict.ALLOW : Verdict.DENY,
          usage.remaining(),
          usage.resetAtMillis(),
          Judge.after(readyAtMillis, timestampMillis),
          delayMillis);
    }

    private <S extends LimitState> Usage usage(
        Algorithm<S> algorithm, long nowMillis, boolean charged) {
      StoredLimit charge = charged ? charged() : null;
      LimitState standing = charge == null ? state : charge.state();
      return algorithm.usage(limit.limit(), algorithm.stateType().cast(standing), nowMillis);
    }
  }
}
