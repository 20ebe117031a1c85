package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DescriptorBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.LimitOverride;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RateUnit;
import io.weir.limiter.rule.RequestedDescriptor;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  private static final long START = 1_767_225_600_000L;
  private static final RequestedDescriptor USER = RequestedDescriptor.of("user", "1");
  private static final RequestedDescriptor PLAN = RequestedDescriptor.of("plan", "free");
  private static final RequestedDescriptor NOBODY = RequestedDescriptor.of("nobody", "here");

  private final FakeClock clock = new FakeClock(START);

  @Test
  void eachDescriptorIsAnsweredInTheOrderOfTheRequest() {
    RuleBasedRateLimiter limiter =
        limiter(
            Descriptor.key("user").limit(RuleLimit.perMinute(5)),
            Descriptor.key("plan").limit(RuleLimit.perMinute(2)),
            Descriptor.key("free").unlimited());
    DescriptorsDecision decision =
        check(limiter, NOBODY, USER, RequestedDescriptor.of("free", "x"), PLAN);
    assertThat(decision.decision().verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(decision.descriptors())
        .extracting(DescriptorStatus::reason)
        .containsExactly(
            Reason.NO_RULE, Reason.WITHIN_LIMIT, Reason.UNLIMITED, Reason.WITHIN_LIMIT);
    assertThat(remaining(decision, 1)).isEqualTo(4);
    assertThat(remaining(decision, 3)).isEqualTo(1);
  }

  @Test
  void whatOneRefusesIsChargedToNone() {
    RuleBasedRateLimiter limiter =
        limiter(
            Descriptor.key("user").limit(RuleLimit.perMinute(5)),
            Descriptor.key("plan").limit(RuleLimit.perMinute(2)));
    DescriptorsDecision denied = check(limiter, USER.withCost(2), PLAN.withCost(3));
    assertThat(denied.decision().reason()).isEqualTo(Reason.NEVER_FITS);
    assertThat(denied.descriptors().get(0).verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(denied.descriptors().get(1).reason()).isEqualTo(Reason.NEVER_FITS);
    assertThat(remaining(check(limiter, USER, PLAN), 0)).isEqualTo(4);
    assertThat(remaining(check(limiter, USER, PLAN), 1)).isZero();
    DescriptorsDecision over = check(limiter, USER, PLAN);
    assertThat(over.descriptors().get(1).reason()).isEqualTo(Reason.OVER_LIMIT);
    assertThat(remaining(over, 0)).isEqualTo(3);
  }

  @Test
  void costOfZeroPeeksBesideOthersThatAreCharged() {
    RuleBasedRateLimiter limiter =
        limiter(
            Descriptor.key("user").limit(RuleLimit.perMinute(5)),
            Descriptor.key("plan").limit(RuleLimit.perMinute(1)));
    for (int i = 4; i >= 3; i--) {
      DescriptorsDecision decision = check(limiter, USER, PLAN.withCost(0));
      assertThat(remaining(decision, 0)).isEqualTo(i);
      assertThat(remaining(decision, 1)).isEqualTo(1);
    }
    assertThat(check(limiter, PLAN).decision().isAllowed()).isTrue();
    // A peek says what a cost of 1 would get.
    assertThat(check(limiter, USER, PLAN.withCost(0)).decision().isAllowed()).isFalse();
  }

  @Test
  void descriptorsOfOneStateAreJudgedByWhatTheyCostTogether() {
    RuleBasedRateLimiter limiter = limiter(Descriptor.key("user").limit(RuleLimit.perMinute(5)));
    assertThat(check(limiter, USER.withCost(3), USER.withCost(3)).decision().isAllowed()).isFalse();
    DescriptorsDecision allowed = check(limiter, USER.withCost(3), USER.withCost(2));
    assertThat(allowed.decision().isAllowed()).isTrue();
    assertThat(allowed.descriptors().get(0)).isEqualTo(allowed.descriptors().get(1));
    assertThat(
            check(limiter, USER.withCost(Long.MAX_VALUE), USER.withCost(Long.MAX_VALUE))
                .decision()
                .reason())
        .isEqualTo(Reason.NEVER_FITS);
  }

  @Test
  void overrideTakesThePlaceOfTheNumbersAndKeepsAlgorithmAndUsage() {
    RuleBasedRateLimiter limiter =
        limiter(Descriptor.key("user").limit(RuleLimit.perMinute(5).algorithm(new TokenBucket())));
    check(limiter, USER.withCost(5));
    LimitStatus status =
        check(limiter, USER.withOverride(new LimitOverride(8, RateUnit.MINUTE)))
            .descriptors()
            .get(0)
            .statuses()
            .get(0);
    assertThat(status.limit().algorithm().name()).isEqualTo("token_bucket");
    assertThat(status.limit().requests()).isEqualTo(8);
    assertThat(status.rule()).isEqualTo("api.user");
    assertThat(status.remaining()).isEqualTo(2);
  }

  @Test
  void overrideIsEnforcedWhereTheRuleIsAShadow() {
    RuleBasedRateLimiter limiter =
        limiter(Descriptor.key("user").shadow().limit(RuleLimit.perMinute(5)));
    RequestedDescriptor none = USER.withOverride(new LimitOverride(0, RateUnit.SECOND));
    DescriptorsDecision decision = check(limiter, none);
    assertThat(decision.decision().isAllowed()).isFalse();
    assertThat(decision.decision().statuses().get(0).mode()).isEqualTo(LimitMode.ENFORCED);
  }

  @Test
  void overrideOfWhatNoRuleLimitsIsAFixedWindowByItself() {
    RuleBasedRateLimiter limiter =
        limiter(
            Descriptor.key("user")
                .limits(RuleLimit.perMinute(5).named("a"), RuleLimit.perHour(9).named("b")));
    LimitOverride two = new LimitOverride(2, RateUnit.HOUR);
    RequestedDescriptor deep =
        new RequestedDescriptor(
            List.of(new Entry("user", "1"), new Entry("a/b", "c|d"), new Entry("e", "")),
            1,
            Optional.of(two));
    DescriptorsDecision decision =
        check(limiter, deep, USER.withOverride(two), NOBODY.withOverride(two));
    assertThat(decision.descriptors())
        .extracting(each -> each.statuses().get(0).stateKey())
        .containsExactly("api/user=1|a%2Fb=c%7Cd/e=#*", "api/user=1|#*", "api/nobody=here|#*");
    LimitStatus status = decision.descriptors().get(0).statuses().get(0);
    assertThat(status.rule()).isEqualTo("api.user_1.a/b_c|d.e_");
    assertThat(status.limit().algorithm().name()).isEqualTo("fixed_window");
    assertThat(status.resetAtMillis()).isEqualTo(START + 3_600_000);
    assertThat(status.remaining()).isEqualTo(1);
  }

  @Test
  void overrideThatTheAlgorithmCannotCountIsAFixedWindow() {
    RuleBasedRateLimiter limiter =
        limiter(
            Descriptor.key("user").limit(RuleLimit.perMinute(5).algorithm(new SlidingWindowLog())));
    RequestedDescriptor large = USER.withOverride(new LimitOverride(4_294_967_295L, RateUnit.YEAR));
    LimitStatus status = check(limiter, large).decision().statuses().get(0);
    assertThat(status.limit().algorithm().name()).isEqualTo("fixed_window");
    assertThat(status.remaining()).isEqualTo(4_294_967_294L);
  }

  @Test
  void overrideThatTheAlgorithmCannotCountLeavesTheRulesStateAlone() {
    RuleBasedRateLimiter limiter =
        limiter(
            Descriptor.key("user").limit(RuleLimit.perMinute(5).algorithm(new SlidingWindowLog())));
    check(limiter, USER.withCost(2));
    check(limiter, USER.withOverride(new LimitOverride(1_000_000, RateUnit.MINUTE)));
    assertThat(remaining(check(limiter, USER.withCost(0)), 0)).isEqualTo(3);
  }

  @Test
  void overrideReplacesNothingAndCountsForNothingWithoutRules() {
    RuleBasedRateLimiter limiter =
        limiter(
            Descriptor.key("user").limit(RuleLimit.perMinute(5).named("users").replacing("plans")),
            Descriptor.key("plan").limit(RuleLimit.perMinute(2).named("plans")));
    LimitOverride one = new LimitOverride(1, RateUnit.HOUR);
    assertThat(check(limiter, USER.withOverride(one), PLAN).descriptors().get(1).statuses())
        .hasSize(1);
    assertThat(check(limiter, USER, PLAN).descriptors().get(1).reason())
        .isEqualTo(Reason.UNLIMITED);
    DescriptorsDecision unknown =
        limiter.checkDescriptors(new DescriptorsRequest("other", List.of(USER.withOverride(one))));
    assertThat(unknown.decision().reason()).isEqualTo(Reason.NO_RULE);
  }

  @Test
  void sameDescriptorWithDifferentLimitsIsInvalid() {
    RuleBasedRateLimiter limiter =
        limiter(
            Descriptor.key("user").limit(RuleLimit.perMinute(5)),
            Descriptor.key("plan").shadow().limit(RuleLimit.perMinute(5)));
    for (RequestedDescriptor each : List.of(USER, PLAN)) {
      long requests = each.equals(USER) ? 1 : 5;
      DescriptorsDecision decision =
          check(limiter, each, each.withOverride(new LimitOverride(requests, RateUnit.MINUTE)));
      assertThat(decision.decision().reason()).isEqualTo(Reason.INVALID_REQUEST);
      assertThat(decision.decision().message())
          .hasValue("two descriptors are the same and bring different limits; send one of them");
      assertThat(decision.descriptors()).isEmpty();
    }
    assertThat(
            limiter
                .checkDescriptorsAsync(
                    new DescriptorsRequest(
                        "api", List.of(RequestedDescriptor.of("user", "\ud800"))))
                .toCompletableFuture()
                .join()
                .decision()
                .reason())
        .isEqualTo(Reason.INVALID_REQUEST);
  }

  @Test
  void askingWithoutWaitingAnswersTheSame() {
    RuleBasedRateLimiter limiter = limiter(Descriptor.key("user").limit(RuleLimit.perMinute(5)));
    DescriptorsDecision first =
        limiter
            .checkDescriptorsAsync(new DescriptorsRequest("api", List.of(USER)))
            .toCompletableFuture()
            .join();
    assertThat(remaining(first, 0)).isEqualTo(4);
    assertThat(
            limiter
                .checkDescriptorsAsync(new DescriptorsRequest("api", List.of(NOBODY)))
                .toCompletableFuture()
                .join()
                .decision()
                .reason())
        .isEqualTo(Reason.NO_RULE);
  }

  @Test
  void whatIsRefusedIsNotJudged() {
    RuleSet rules =
        RuleSet.of(DomainRules.of("api", Descriptor.key("user").limit(RuleLimit.perMinute(5))));
    RuleBasedRateLimiter limiter =
        new RuleBasedRateLimiter(
            () -> rules,
            InMemoryBackend.builder().clock(clock).build(),
            clock,
            match -> Optional.of("not this one"));
    DescriptorsDecision decision = check(limiter, USER);
    assertThat(decision.decision().reason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(decision.decision().message()).hasValue("not this one");
    assertThat(decision.descriptors()).isEmpty();
    assertThat(check(limiter, NOBODY).decision().reason()).isEqualTo(Reason.NO_RULE);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> new DescriptorsRequest("", List.of(USER)))
        .hasMessage("the domain is empty; name the domain of the rules");
    assertThatThrownBy(() -> new DescriptorsRequest("api", List.of()))
        .hasMessage("there is no descriptor; a request needs at least one");
    assertThatThrownBy(RequestedDescriptor::of)
        .hasMessage("a descriptor has no entries; it needs at least one of key and value");
    assertThatThrownBy(() -> USER.withCost(-1)).hasMessage("cost is -1; it must be 0 or more");
    assertThatThrownBy(() -> new LimitOverride(-1, RateUnit.DAY))
        .hasMessage("a limit override is of -1 requests; it must be 0 or more");
  }

  @Test
  void descriptorThatWasNotJudgedSaysSo() {
    Verdict[] verdict = {Verdict.DENY};
    LimitBackend broken =
        new LimitBackend() {
          @Override
          public Decision judge(io.weir.limiter.rule.Match match, long cost) {
            return Decision.unjudged(match, verdict[0], "away", START);
          }

          @Override
          public Decision refund(io.weir.limiter.rule.Match match, long cost, long at) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Decision reset(io.weir.limiter.rule.Match match) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void close() {}
        };
    RuleSet rules =
        RuleSet.of(
            DomainRules.of(
                "api",
                Descriptor.key("user").limit(RuleLimit.perMinute(5)),
                Descriptor.key("watched").shadow().limit(RuleLimit.perMinute(5)),
                Descriptor.key("plan").limit(RuleLimit.perMinute(5).onError(OnError.ALLOW))));
    DescriptorsDecision decision =
        check(new RuleBasedRateLimiter(() -> rules, broken, clock), USER, NOBODY);
    assertThat(decision.descriptors())
        .containsExactly(
            new DescriptorStatus(Verdict.DENY, Reason.BACKEND_FAILED, List.of()),
            new DescriptorStatus(Verdict.ALLOW, Reason.NO_RULE, List.of()));
    DescriptorsDecision mixed =
        check(
            new RuleBasedRateLimiter(() -> rules, broken, clock),
            RequestedDescriptor.of("plan", "free"),
            USER,
            RequestedDescriptor.of("watched", "x"));
    assertThat(mixed.descriptors())
        .extracting(DescriptorStatus::verdict)
        .containsExactly(Verdict.ALLOW, Verdict.DENY, Verdict.ALLOW);
    verdict[0] = Verdict.ALLOW;
    assertThat(check(new RuleBasedRateLimiter(() -> rules, broken, clock), USER).descriptors())
        .containsExactly(new DescriptorStatus(Verdict.ALLOW, Reason.BACKEND_FAILED, List.of()));
  }

  private static long remaining(DescriptorsDecision decision, int descriptor) {
    return decision.descriptors().get(descriptor).statuses().get(0).remaining();
  }

  private static DescriptorsDecision check(
      RateLimiter limiter, RequestedDescriptor... descriptors) {
    return limiter.checkDescriptors(new DescriptorsRequest("api", List.of(descriptors)));
  }

  private RuleBasedRateLimiter limiter(DescriptorBuilder... descriptors) {
    RuleSet rules = RuleSet.of(DomainRules.of("api", descriptors));
    return new RuleBasedRateLimiter(
        () -> rules, InMemoryBackend.builder().clock(clock).build(), clock);
  }
}
