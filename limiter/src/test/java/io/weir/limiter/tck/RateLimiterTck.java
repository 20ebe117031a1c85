package io.weir.limiter.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Check;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The compatibility kit: what every limiter that judges by Weir's rules must do, whatever its state
 * lives in. Extend it, say how your limiter is started, and run it; it needs JUnit 5, jqwik and
 * AssertJ. What many threads at once must find is in {@link RateLimiterConcurrencyTck}.
 *
 * <p>The examples, {@link CheckExamples} and {@link RefundAndResetExamples}, show each promise in
 * plain numbers. The properties here drive random histories against {@link ReferenceLimiter}, which
 * keeps everything in a map, forgets nothing and has no threads, and ask for the same decision each
 * time; and against {@link ExactReference}, which is written from the semantics alone.
 */
public abstract class RateLimiterTck extends RefundAndResetExamples {
  private static final long YEAR_MILLIS = 365L * 86_400_000;

  @Property(tries = 60)
  void decidesAsTheReferenceDoesWhateverHappens(@ForAll("histories") History history) {
    try (Subject subject = start(history.rules().get(0), history.lateness());
        ReferenceLimiter reference =
            new ReferenceLimiter(history.rules().get(0), history.lateness())) {
      List<Long> judgedAt = new ArrayList<>();
      int step = 0;
      for (History.Event event : history.events()) {
        if (event.changeRulesTo() >= 0) {
          subject.changeRules(history.rules().get(event.changeRulesTo()));
          reference.changeRules(history.rules().get(event.changeRulesTo()));
        }
        if (event.expire()) {
          subject.expire();
        }
        Decision expected = event.ask(reference, judgedAt);
        assertThat(withoutRevision(event.ask(subject, judgedAt)))
            .as("step %d of %s", step++, history)
            .isEqualTo(withoutRevision(expected));
        judgedAt.add(expected.nowMillis());
      }
    }
  }

  /** What is decided and what is left, by the words of the semantics, in exact fractions. */
  @Property(tries = 60)
  void decidesByTheDefinitionsOfAlgorithmsAndVerdicts(@ForAll("histories") History history) {
    RuleSet rules = history.rules().get(0);
    try (Subject subject = start(rules, history.lateness())) {
      ExactReference reference = new ExactReference();
      List<Long> judgedAt = new ArrayList<>();
      long newestMillis = 0;
      for (History.Event event : history.events()) {
        if (event.expire()) {
          subject.expire();
        }
        newestMillis = Math.max(newestMillis, event.timestampMillis());
        long floorMillis = newestMillis - history.lateness().toMillis();
        Decision decision = event.ask(subject, judgedAt);
        Match match = match(rules, event);
        if (match.identifiers().isEmpty()) {
          assertThat(decision.isAllowed()).isTrue();
        } else {
          Check check =
              Check.of(match, event.request().cost(), event.timestampMillis(), floorMillis);
          assertThat(ExactReference.Outcome.of(decision))
              .as("%s of %s", event, history)
              .isEqualTo(outcome(reference, event, check, judgedAt));
          assertLeft(reference, decision);
          assertWait(reference, check, decision);
        }
        judgedAt.add(decision.nowMillis());
      }
    }
  }

  /** Each descriptor with a cost of its own, all or nothing; some bring their limits along. */
  @Property(tries = 60)
  void judgesDescriptorsAsTheReferenceDoes(
      @ForAll("descriptorHistories") DescriptorHistory history) {
    if (!judgesDescriptors()) {
      return;
    }
    try (Subject subject = start(history.rules(), Duration.ZERO);
        ReferenceLimiter reference = new ReferenceLimiter(history.rules(), Duration.ZERO)) {
      for (DescriptorHistory.Event event : history.events()) {
        DescriptorsDecision expected =
            reference.decideDescriptors(event.request(), event.timestampMillis());
        DescriptorsDecision decision =
            subject.decideDescriptors(event.request(), event.timestampMillis());
        assertThat(decision.descriptors())
            .as("%s of %s", event, history)
            .isEqualTo(expected.descriptors());
        assertThat(withoutRevision(decision.decision()))
            .isEqualTo(withoutRevision(expected.decision()));
      }
    }
  }

  /** The same, by the words of the semantics. */
  @Property(tries = 60)
  void judgesDescriptorsByTheDefinitions(
      @ForAll("plainDescriptorHistories") DescriptorHistory history) {
    if (!judgesDescriptors()) {
      return;
    }
    try (Subject subject = start(history.rules(), Duration.ZERO)) {
      ExactReference reference = new ExactReference();
      for (DescriptorHistory.Event event : history.events()) {
        Decision decision =
            subject.decideDescriptors(event.request(), event.timestampMillis()).decision();
        Match match =
            Match.joined(
                history
                    .rules()
                    .matchDescriptors(event.request().domain(), event.request().descriptors()));
        if (match.identifiers().isEmpty()) {
          assertThat(decision.isAllowed()).isTrue();
        } else {
          Check check = Check.of(match, 0, event.timestampMillis(), event.timestampMillis());
          assertThat(ExactReference.Outcome.of(decision))
              .as("%s of %s", event, history)
              .isEqualTo(reference.judge(check));
          assertLeft(reference, decision);
          assertWait(reference, check, decision);
        }
      }
    }
  }

  private static Match match(RuleSet rules, History.Event event) {
    return rules
        .match(event.request().domain(), event.request().attributes())
        .withMaxDelay(event.request().maxDelayMillis());
  }

  private static ExactReference.Outcome outcome(
      ExactReference reference, History.Event event, Check check, List<Long> judgedAt) {
    return switch (event.operation()) {
      case CHECK -> reference.judge(check);
      case REFUND -> reference.refund(check, event.chargedAtMillis(judgedAt));
      case RESET -> reference.reset(check);
    };
  }

  /** What is said to be left fits, and not one more. */
  private static void assertLeft(ExactReference reference, Decision decision) {
    for (LimitStatus status : decision.statuses()) {
      long left = status.remaining();
      assertThat(left == 0 || reference.fits(status, decision.nowMillis(), left))
          .as("%s left under %s", left, status)
          .isTrue();
      assertThat(reference.fits(status, decision.nowMillis(), left + 1))
          .as("more than %s left under %s", left, status)
          .isFalse();
    }
  }

  /** The wait that is reported is enough, and one millisecond less is not. */
  private static void assertWait(ExactReference reference, Check check, Decision decision) {
    if (decision.reason() == Reason.OVER_LIMIT) {
      long readyAt = check.timestampMillis() + decision.retryAfterMillis().orElseThrow();
      assertThat(reference.wouldAdmit(check, readyAt)).isTrue();
      assertThat(reference.wouldAdmit(check, readyAt - 1)).isFalse();
    } else if (decision.reason() == Reason.NEVER_FITS) {
      assertThat(reference.wouldAdmit(check, check.timestampMillis() + YEAR_MILLIS)).isFalse();
    }
  }

  /** Two identifiers, one that has lived and was reset, one that was never seen. */
  @Property(tries = 30)
  void anIdentifierThatWasResetIsLikeOneNeverSeen(@ForAll("histories") History history) {
    if (!refundsAndResets()) {
      return;
    }
    try (Subject subject = start(history.rules().get(0), history.lateness())) {
      List<Long> judgedAt = new ArrayList<>();
      long last = START;
      for (History.Event event : history.events()) {
        if (event.changeRulesTo() >= 0) {
          subject.changeRules(history.rules().get(event.changeRulesTo()));
        }
        judgedAt.add(event.as("lived").ask(subject, judgedAt).nowMillis());
        last = Math.max(last, event.timestampMillis());
      }
      Request lived = history.events().get(0).as("lived").request();
      assertThat(subject.reset(lived, last).isAllowed()).isTrue();
      for (History.Event event : history.events()) {
        if (event.operation() == History.Operation.CHECK) {
          Decision reset = event.as("lived").ask(subject, judgedAt);
          Decision fresh = event.as("fresh").ask(subject, judgedAt);
          assertThat(withoutRevision(reset).toString().replace("lived", "fresh"))
              .isEqualTo(withoutRevision(fresh).toString());
        }
      }
    }
  }

  @Provide
  Arbitrary<DescriptorHistory> descriptorHistories() {
    return DescriptorHistory.arbitrary(
        START, judgesSeveralIdentifiers(), judgesAllIdentifiersInOnePlace());
  }

  @Provide
  Arbitrary<DescriptorHistory> plainDescriptorHistories() {
    return DescriptorHistory.arbitrary(START, judgesSeveralIdentifiers(), false);
  }

  @Provide
  Arbitrary<History> histories() {
    boolean several = judgesSeveralIdentifiers();
    return judgesAllIdentifiersInOnePlace()
        ? History.arbitrary(START, several, refundsAndResets(), true, boundsDelays())
        : Arbitraries.oneOf(
            History.arbitrary(START, several, false, false, boundsDelays()),
            History.arbitrary(START, false, refundsAndResets(), true, boundsDelays()));
  }
}
