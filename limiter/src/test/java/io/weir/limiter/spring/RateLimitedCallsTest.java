package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Decision;
import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.Ordered;

/** Which calls a limit is of, and what each takes. */
class RateLimitedCallsTest extends RateLimitedKit {
  @Test
  void eachKeyHasTheLimitForItself() {
    run(
        reports -> {
          for (int i = 1; i <= 3; i++) {
            assertThat(reports.render(ALICE)).isEqualTo(i);
          }
          assertThatThrownBy(() -> reports.render(ALICE))
              .isInstanceOf(RateLimitExceededException.class)
              .hasMessage(
                  "account=alice is over its limit per-account (3 per minute); retry in 1 min");
          assertThat(reports.render(BOB)).isEqualTo(4);
          assertThat(reports.free()).isEqualTo(5);
        });
  }

  @Test
  void aCostIsWorkedOutForEachCall() {
    run(
        reports -> {
          assertThat(reports.renderPages(ALICE, 0)).isEqualTo(1);
          assertThat(reports.renderPages(ALICE, 1)).isEqualTo(2);
          assertThatThrownBy(() -> reports.renderPages(ALICE, 1))
              .isInstanceOf(RateLimitExceededException.class);
          assertThatThrownBy(() -> reports.renderPages(ALICE, 2))
              .hasMessageContaining("asks for more than its limit");
          assertThat(reports.render(ALICE)).isEqualTo(3);
        });
  }

  @Test
  void allOfSeveralMustAllowAndADenialTakesNothing() {
    run(
        reports -> {
          for (int i = 0; i < 3; i++) {
            reports.renderForAll(ALICE);
          }
          reports.renderForAll(BOB);

          for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> reports.renderForAll(BOB))
                .hasMessageContaining("for-all (4 per minute)");
          }
          assertThat(reports.render(BOB)).isEqualTo(5);
          assertThat(reports.render(BOB)).isEqualTo(6);
          assertThatThrownBy(() -> reports.render(BOB))
              .isInstanceOf(RateLimitExceededException.class);
        });
  }

  @Test
  void anotherRuleOfTheSameAttributeIsNotAsked() {
    application
        .withPropertyValues("weir.limits.other=1/day by account")
        .run(
            context -> {
              Reports reports = context.getBean(Reports.class);
              for (int i = 1; i <= 3; i++) {
                assertThat(reports.render(ALICE)).isEqualTo(i);
              }
              RateLimiter limiter = context.getBean(RateLimiter.class);
              Decision decision = limiter.check(Request.of("api", "account", "alice").peek());
              assertThat(decision.statuses())
                  .as("both spend from one state")
                  .anySatisfy(
                      status -> {
                        assertThat(status.rule()).isEqualTo("per-account");
                        assertThat(status.remaining()).isZero();
                      });
            });
  }

  @Test
  void anAnnotationOfOnesOwnIsAsGood() {
    run(
        reports -> {
          for (int i = 0; i < 3; i++) {
            reports.renderByMeta(ALICE);
          }
          assertThatThrownBy(() -> reports.renderByMeta(ALICE))
              .isInstanceOf(RateLimitExceededException.class);
        });
  }

  @Test
  void anAnnotationOfAClassIsForItsPublicMethodsThatHaveNone() {
    application
        .withBean(Reports.Limited.class)
        .run(
            context -> {
              Reports.Limited limited = context.getBean(Reports.Limited.class);
              for (int i = 0; i < 2; i++) {
                assertThat(limited.one() + limited.two()).isEqualTo(3);
              }
              assertThatThrownBy(limited::one).isInstanceOf(RateLimitExceededException.class);
              assertThat(limited.three("alice")).isEqualTo(3);
              assertThat(limited.notPublic()).isEqualTo(4);
              assertThat(limited.toString()).isNotEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnnotationOfAnInterfaceIsForItsImplementations(boolean classProxies) {
    application
        .withBean(Reports.Api.class, Reports.ApiImplementation::new)
        .withPropertyValues("spring.aop.proxy-target-class=" + classProxies)
        .run(
            context -> {
              Reports.Api api = context.getBean(Reports.Api.class);
              for (int i = 0; i < 4; i++) {
                assertThat(api.call()).isEqualTo(1);
              }
              assertThatThrownBy(api::call).isInstanceOf(RateLimitExceededException.class);
            });
  }

  @Test
  void annotationsCanBeTurnedOff() {
    run(
        application.withPropertyValues("weir.annotations.enabled=false"),
        reports -> {
          for (int i = 1; i <= 9; i++) {
            assertThat(reports.render(ALICE)).isEqualTo(i);
          }
        });
  }

  @Test
  void methodsAreLimitedOutsideTransactionsAndCaches() {
    application.run(
        context ->
            assertThat(context.getBean(RateLimitedAdvisor.class).getOrder())
                .isLessThan(Ordered.LOWEST_PRECEDENCE));
  }

  @Test
  void aTurnThatIsTooLateIsDenied() {
    run(
        application.withPropertyValues("weir.max-wait=59s"),
        reports -> {
          assertThat(reports.renderInTurn()).isEqualTo(1);
          assertThatThrownBy(reports::renderInTurn)
              .isInstanceOf(RateLimitExceededException.class)
              .hasMessageContaining("retry in 1 s");
        });
  }

  @Test
  void whoHoldsAThreadOfTooManyThatWaitIsDeniedAndHasTheTokensBack() {
    run(
        application.withPropertyValues("weir.annotations.max-waiting=0"),
        reports -> {
          assertThat(reports.renderInTurn()).isEqualTo(1);

          assertThatThrownBy(reports::renderInTurn)
              .isInstanceOf(RateLimitExceededException.class)
              .hasMessageContaining("retry in 1 min");
          assertThat(reports.renderInTurnLater()).as("it holds none").isNotDone();
          assertThat(reports.calls()).isEqualTo(1);
        });
  }
}
