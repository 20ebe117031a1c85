package io.weir.streams.topology;

import io.weir.limiter.Answer;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.rule.KeyText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A request with several identifiers whose answers are being collected, as pure steps: what comes
 * in is an answer or the end of the patience, what comes out is at most one decision, and what is
 * to be released.
 *
 * <p>It is kept from the first answer to the last one, also where the decision was made before by
 * time-out: so what comes late is given back, and comes to no second decision. Where answers may
 * come twice it is kept a while longer, for the same reason.
 *
 * @param request what the answers are about
 * @param answers those that came, by the index of their identifier
 * @param verdict that of the decision; empty until it is made
 * @param startMillis when the first answer came, by the wall clock
 */
record Join(
    Request request,
    SortedMap<Integer, Answer> answers,
    Optional<Verdict> verdict,
    long startMillis) {
  private static final Judge JUDGE = new Judge();

  Join {
    answers = new TreeMap<>(answers);
  }

  /**
   * The request of a join.
   *
   * @param id whose tokens are held
   * @param requestId the caller's name for it
   * @param domain the namespace of its rules
   * @param correction what it is answered with where it asks for no tokens: that they came back, or
   *     that all was forgotten; empty where it is judged
   * @param rulesRevision the revision that its limits are from
   * @param timestampMillis its own time
   * @param identifiers how many identifiers it has
   * @param requestKey the {@link RequestKey}, where duplicates are found
   */
  record Request(
      HoldId id,
      String requestId,
      String domain,
      Optional<Reason> correction,
      long rulesRevision,
      long timestampMillis,
      int identifiers,
      Optional<String> requestKey) {}

  /** What the rows of an identifier hold, to be given back. */
  record Release(HoldId id, KeyText identifierText, List<KeyText> keys) {}

  /**
   * What a step comes to.
   *
   * @param next what is kept
   * @param decision the decision, where it is made now
   * @param releases what is to be given back
   */
  record Step(Join next, Optional<Decision> decision, List<Release> releases) {}

  /** A join without answers. */
  static Join of(Request request, long nowMillis) {
    return new Join(request, new TreeMap<>(), Optional.empty(), nowMillis);
  }

  /** Whether all answers came, so that no more is to come but what comes twice. */
  boolean isComplete() {
    return answers.size() == request.identifiers();
  }

  /**
   * Takes an answer.
   *
   * <p>Where one of the identifier came before, as at least once has it, the new one tells what is
   * held now; if the decision was made by then, it is told once more, since it may not have gone
   * out, and so are the releases.
   *
   * @param index which of the request's identifiers it is of
   */
  Step answered(int index, Answer answer) {
    if (verdict.isPresent() && answers.containsKey(index)) {
      return again(answer);
    }
    SortedMap<Integer, Answer> more = new TreeMap<>(answers);
    more.put(index, answer);
    Join next = new Join(request, more, verdict, startMillis);
    if (verdict.isPresent()) { // By time-out, so it was denied.
      return new Step(next, Optional.empty(), releases(List.of(answer)));
    }
    return next.isComplete()
        ? next.decided(next.decision())
        : new Step(next, Optional.empty(), List.of());
  }

  private Step again(Answer answer) {
    List<Answer> held = new ArrayList<>(inRuleOrder());
    held.add(answer);
    boolean isDenied = verdict.equals(Optional.of(Verdict.DENY));
    // After a time-out the answers may come to something else.
    Optional<Decision> same =
        isComplete()
            ? Optional.of(decision()).filter(it -> Optional.of(it.verdict()).equals(verdict))
            : Optional.empty();
    return new Step(this, same, isDenied ? releases(held).stream().distinct().toList() : List.of());
  }

  /** Decides without those that did not come, which is a denial. */
  Step timedOut() {
    if (verdict.isPresent()) {
      return new Step(this, Optional.empty(), List.of());
    }
    return decided(
        JUDGE.timeOut(inRuleOrder(), request.rulesRevision(), request.timestampMillis()));
  }

  private Decision decision() {
    List<Answer> all = inRuleOrder();
    long revision = request.rulesRevision();
    return request
        .correction()
        .map(reason -> JUDGE.corrected(reason, all, revision, request.timestampMillis()))
        .orElseGet(() -> JUDGE.decide(all, revision, request.timestampMillis()));
  }

  private Step decided(Decision decision) {
    return new Step(
        new Join(request, answers, Optional.of(decision.verdict()), startMillis),
        Optional.of(decision),
        decision.isAllowed() ? List.of() : releases(inRuleOrder()));
  }

  private List<Answer> inRuleOrder() {
    return List.copyOf(answers.values());
  }

  private List<Release> releases(List<Answer> denied) {
    return denied.stream()
        .filter(answer -> !answer.heldKeys().isEmpty())
        .map(answer -> new Release(request.id(), answer.identifierText(), answer.heldKeys()))
        .toList();
  }
}
