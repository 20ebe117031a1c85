package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Answer;
import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Reason;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import io.weir.limiter.rule.RuleSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Holds what an exactly-once {@link Run} left against what it must be: one decision for each
 * request, which is the verdict over the answers of all its identifiers; every hold of a denied
 * request released once, and no other; answers and rows that the judge gives in some order of each
 * identifier's checks and releases; and nobody over a limit ({@link Admitted}).
 *
 * <p>Where rules were changed, each request was matched by one revision of them: its decision names
 * it, and all its checks are what those rules make of the request. Of two requests of one
 * partition, the later one has no earlier revision.
 */
final class AllOrNothing {
  /** The defaults of {@code hold.time} and {@code holds.max}. */
  static final HoldBounds BOUNDS = new HoldBounds(120_000, 1_000);

  private static final Judge JUDGE = new Judge();

  private final Expected expected;
  private final Judging judging;
  private final TimeOuts timeOuts;

  /** Where requests with one identifier are judged. */
  enum Judging {
    /** In the partition of their identifier, like the others. */
    REKEYED,
    /** Where they come in. */
    IN_PLACE
  }

  /** Whether there may be any. */
  enum TimeOuts {
    NONE,
    SOME
  }

  /** A checker for a Weir that had these rules from the first request on. */
  AllOrNothing(RuleSet rules, Judging judging, TimeOuts timeOuts) {
    this(Map.of(0L, rules), judging, timeOuts);
  }

  /**
   * A checker for a Weir of one instance whose rules were changed.
   *
   * @param rules by their revisions, in the order in which they were in force, from the first
   *     request on; those of revision 0 are no rules, as where they were deleted
   */
  AllOrNothing(Map<Long, RuleSet> rules, Judging judging, TimeOuts timeOuts) {
    this.expected = new Expected(rules);
    this.judging = judging;
    this.timeOuts = timeOuts;
  }

  /**
   * What the comparison was about.
   *
   * @param requests how many have so many identifiers
   * @param denied those with several that were denied, time-outs too
   * @param released by the revision that the holds were made under
   * @param corrected refunds and resets of several identifiers
   */
  record Summary(
      Map<Integer, Long> requests,
      int denied,
      int timedOut,
      Map<Long, Long> released,
      Map<Reason, Long> corrected) {}

  /** Fails where a requirement is not met; says which, and of whom. */
  Summary assertHolds(Run run) {
    Map<String, Decision> decisions = decisions(run);
    assertRevisions(run, decisions);
    Map<String, List<Run.Checked>> checks = new LinkedHashMap<>();
    for (Run.Asked request : run.requests()) {
      String requestId = request.event().getRequestId();
      Decision decision = Objects.requireNonNull(decisions.get(requestId));
      checks.put(requestId, expected.checks(request, decision.rulesRevision()));
      if (checks.get(requestId).isEmpty()) {
        assertThat(decision)
            .as("the decision on request %s, which no limit applies to", requestId)
            .isEqualTo(expected.withoutLimits(request, decision.rulesRevision()));
      }
    }
    assertChecks(run, checks);
    Map<Run.Part, Run.Answered> answers = answers(run, checks);
    int timedOut = assertVerdicts(checks, answers, decisions);
    Set<HoldId> denied = assertReleases(run, answers, decisions);
    assertHoldsNothing(run.rows(), denied);
    Admitted admitted = new Admitted(answers, decisions);
    replay(run, checks, answers, decisions)
        .orders(run.rows())
        .values()
        .forEach(admitted::assertFits);
    return new Summary(
        checks.values().stream()
            .collect(Collectors.groupingBy(List::size, TreeMap::new, Collectors.counting())),
        denied.size(),
        timedOut,
        released(run, decisions),
        answers.keySet().stream()
            .filter(part -> part.index() == 0)
            .map(part -> Objects.requireNonNull(answers.get(part)).requestId())
            .map(requestId -> Objects.requireNonNull(decisions.get(requestId)).reason())
            .filter(reason -> reason == Reason.REFUNDED || reason == Reason.RESET)
            .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting())));
  }

  private static Map<Long, Long> released(Run run, Map<String, Decision> decisions) {
    Map<HoldId, Long> revisions = new HashMap<>();
    run.requests()
        .forEach(
            it ->
                revisions.put(
                    it.id(),
                    Objects.requireNonNull(decisions.get(it.event().getRequestId()))
                        .rulesRevision()));
    return run.releases().stream()
        .collect(
            Collectors.groupingBy(
                it -> Objects.requireNonNull(revisions.get(it.id())),
                TreeMap::new,
                Collectors.counting()));
  }

  private static Map<String, Decision> decisions(Run run) {
    Map<String, Decision> decisions = new HashMap<>();
    for (Run.Decided decided : run.decisions()) {
      assertThat(decisions.put(decided.requestId(), decided.decision()))
          .as("a second decision for %s", decided.requestId())
          .isNull();
    }
    assertThat(decisions.keySet())
        .as("requests with a decision")
        .isEqualTo(
            run.requests().stream()
                .map(it -> it.event().getRequestId())
                .collect(Collectors.toSet()));
    return decisions;
  }

  private void assertRevisions(Run run, Map<String, Decision> decisions) {
    List<Long> revisions = expected.revisions();
    Map<Long, Integer> newest = new HashMap<>();
    for (Run.Asked request : run.requests()) {
      String requestId = request.event().getRequestId();
      long revision = Objects.requireNonNull(decisions.get(requestId)).rulesRevision();
      assertThat(revisions).as("the revision that request %s names", requestId).contains(revision);
      assertThat(newest.merge(request.id().high(), revisions.indexOf(revision), Math::max))
          .as("a revision that was over when request %s came", requestId)
          .isEqualTo(revisions.indexOf(revision));
    }
  }

  /** Those that travel: all, or those of requests with several identifiers. */
  private void assertChecks(Run run, Map<String, List<Run.Checked>> checks) {
    Map<String, Map<Integer, Run.Checked>> sent = new HashMap<>();
    for (Run.Checked check : run.checks()) {
      int index = check.part().map(Run.Part::index).orElse(0);
      assertThat(sent.computeIfAbsent(check.requestId(), id -> new TreeMap<>()).put(index, check))
          .as("a second check %s of %s", index, check.requestId())
          .isNull();
    }
    checks.forEach(
        (requestId, all) -> {
          List<Run.Checked> travel =
              all.size() == 1 && judging == Judging.IN_PLACE ? List.of() : all;
          Map<Integer, Run.Checked> found = sent.remove(requestId);
          assertThat(found == null ? List.of() : List.copyOf(found.values()))
              .as("the checks of request %s", requestId)
              .isEqualTo(travel);
        });
    assertThat(sent).as("checks of no request").isEmpty();
  }

  private static Map<Run.Part, Run.Answered> answers(
      Run run, Map<String, List<Run.Checked>> checks) {
    Map<Run.Part, Run.Answered> answers = new HashMap<>();
    for (Run.Answered answer : run.answers()) {
      assertThat(answers.put(answer.part(), answer))
          .as("a second answer %s to %s", answer.part(), answer.requestId())
          .isNull();
    }
    Set<Run.Part> parts =
        checks.values().stream()
            .flatMap(List::stream)
            .flatMap(check -> check.part().stream())
            .collect(Collectors.toSet());
    assertThat(answers.keySet()).as("parts with an answer").isEqualTo(parts);
    return answers;
  }

  private int assertVerdicts(
      Map<String, List<Run.Checked>> checks,
      Map<Run.Part, Run.Answered> answers,
      Map<String, Decision> decisions) {
    int timedOut = 0;
    for (Map.Entry<String, List<Run.Checked>> entry : checks.entrySet()) {
      if (entry.getValue().size() < 2) {
        continue;
      }
      String requestId = entry.getKey();
      Run.Checked first = entry.getValue().get(0);
      List<Answer> all = new ArrayList<>();
      for (Run.Checked check : entry.getValue()) {
        Run.Answered answered = Objects.requireNonNull(answers.get(check.part().orElseThrow()));
        assertThat(
                new Run.Answered(
                    requestId,
                    check.part().orElseThrow(),
                    first.rulesRevision(),
                    first.timestampMillis(),
                    answered.answer()))
            .as("the answer to request %s", requestId)
            .isEqualTo(answered);
        all.add(answered.answer());
      }
      Decision decision = Objects.requireNonNull(decisions.get(requestId));
      if (timeOuts == TimeOuts.SOME && decision.reason() == Reason.TIMEOUT) {
        timedOut++;
        assertThat(timeOuts(all, first))
            .as("the time-out of request %s, with some of its answers", requestId)
            .contains(decision);
      } else {
        assertThat(decision)
            .as("the verdict over the answers to request %s", requestId)
            .isEqualTo(decision(first, all));
      }
    }
    return timedOut;
  }

  /** What it is with all of the answers. */
  static Decision decision(Run.Checked check, List<Answer> all) {
    if (check.task() instanceof Run.Task.Charge) {
      return JUDGE.decide(all, check.rulesRevision(), check.timestampMillis());
    }
    return JUDGE.corrected(
        check.task() instanceof Run.Task.Reset ? Reason.RESET : Reason.REFUNDED,
        all,
        check.rulesRevision(),
        check.timestampMillis());
  }

  /** What it may be with some of the answers, but not all. */
  private static Set<Decision> timeOuts(List<Answer> all, Run.Checked check) {
    return IntStream.range(1, (1 << all.size()) - 1)
        .mapToObj(
            subset ->
                JUDGE.timeOut(
                    IntStream.range(0, all.size())
                        .filter(i -> (subset >> i & 1) == 1)
                        .mapToObj(all::get)
                        .toList(),
                    check.rulesRevision(),
                    check.timestampMillis()))
        .collect(Collectors.toSet());
  }

  /** Returns the requests with several identifiers that were denied. */
  private static Set<HoldId> assertReleases(
      Run run, Map<Run.Part, Run.Answered> answers, Map<String, Decision> decisions) {
    Set<HoldId> denied = new HashSet<>();
    Set<Run.Released> due = new HashSet<>();
    for (Run.Answered answer : answers.values()) {
      if (!Objects.requireNonNull(decisions.get(answer.requestId())).isAllowed()) {
        HoldId id = answer.part().id();
        denied.add(id);
        if (!answer.answer().heldKeys().isEmpty()) {
          due.add(RowEvents.released(id, answer.answer()));
        }
      }
    }
    assertThat(run.releases()).as("releases").doesNotHaveDuplicates();
    assertThat(new HashSet<>(run.releases()))
        .as("what denied requests held, and nothing else, is released")
        .isEqualTo(due);
    return denied;
  }

  private Replay replay(
      Run run,
      Map<String, List<Run.Checked>> checks,
      Map<Run.Part, Run.Answered> answers,
      Map<String, Decision> decisions) {
    Replay replay = new Replay(answers, decisions, BOUNDS);
    if (judging == Judging.IN_PLACE) {
      replay.addChecks(
          checks.values().stream().filter(all -> all.size() == 1).map(all -> all.get(0)).toList());
    }
    replay.addChecks(run.checks());
    // Last, as these can wait: they are tried where nothing else fits.
    replay.addReleases(run.releases());
    return replay;
  }

  private static void assertHoldsNothing(Map<String, StoredLimit> rows, Set<HoldId> denied) {
    rows.forEach(
        (stateKey, row) ->
            assertThat(row.holds())
                .as("holds of %s for denied requests", stateKey)
                .noneMatch(hold -> denied.contains(hold.id())));
  }
}
