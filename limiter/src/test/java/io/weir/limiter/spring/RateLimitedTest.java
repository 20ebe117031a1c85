package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Decision;
import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.spring.Reports.Account;
import io.weir.limiter.tck.FakeClock;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.Ordered;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class RateLimitedTest {
  private static final Account ALICE = new Account("alice");
  private static final Account BOB = new Account("bob");

  private final FakeClock clock = new FakeClock(1_767_225_600_000L);
  private final SlowBackend backend = new SlowBackend(clock);
  private final ApplicationContextRunner application = Reports.application(backend);

  private interface Check {
    void check(Reports reports) throws Exception;
  }

  private void run(Check check) {
    application.run(
        context -> {
          assertThat(context).hasNotFailed();
          // What a bean calls on itself is not limited: these are the proxy's.
          check.check(context.getBean(Reports.class));
        });
  }

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
  void aStageFailsWhereTheCallIsDenied() {
    run(
        reports -> {
          for (int i = 1; i <= 3; i++) {
            assertThat(reports.renderLater(ALICE).toCompletableFuture()).isCompletedWithValue(i);
          }
          assertThat(reports.threads()).containsOnly(Thread.currentThread());

          assertThat(reports.renderLater(ALICE).toCompletableFuture())
              .failsWithin(Duration.ZERO)
              .withThrowableThat()
              .withCauseInstanceOf(RateLimitExceededException.class);
          assertThat(reports.calls()).isEqualTo(3);
          assertThat(reports.failLater(BOB))
              .failsWithin(Duration.ZERO)
              .withThrowableThat()
              .withMessageContaining("not even begun");
        });
  }

  @Test
  void aStageWhoseAnswerComesLaterIsCalledByOthersThanWhoBringsTheAnswer() {
    backend.hold();
    run(
        reports -> {
          CompletableFuture<Integer> result = reports.renderLater(ALICE).toCompletableFuture();
          assertThat(result).isNotDone();

          backend.answers.remove().run();

          Awaitility.await().untilAsserted(() -> assertThat(result).isCompletedWithValue(1));
          assertThat(reports.threads()).doesNotContain(Thread.currentThread());
        });
  }

  @Test
  void eachSubscriptionIsACall() {
    run(
        reports -> {
          Mono<Integer> mono = reports.renderMono(ALICE);
          assertThat(reports.calls()).isZero();
          assertThat(mono.block()).isEqualTo(1);
          assertThat(mono.block()).isEqualTo(2);
          assertThat(reports.renderFlux(ALICE).collectList().block()).containsExactly(0, 1, 2);

          assertThatThrownBy(mono::block).isInstanceOf(RateLimitExceededException.class);
          assertThatThrownBy(() -> reports.renderFlux(ALICE).collectList().block())
              .isInstanceOf(RateLimitExceededException.class);
          assertThat(reports.calls()).isEqualTo(3);
          assertThatThrownBy(() -> reports.failMono(BOB).block()).hasMessage("not even begun");
        });
  }

  @Test
  void aSubscriberWhoseAnswerComesLaterIsNotServedByWhoBringsIt() {
    backend.hold();
    run(
        reports -> {
          CompletableFuture<Integer> result = reports.renderMono(ALICE).toFuture();
          assertThat(result).isNotDone();

          backend.answers.remove().run();

          Awaitility.await().untilAsserted(() -> assertThat(result).isCompletedWithValue(1));
          assertThat(reports.threads()).doesNotContain(Thread.currentThread());
        });
  }

  @Test
  void aMethodThatReturnsNullFailsAsThatWouldWithoutALimit() {
    run(
        reports -> {
          assertThat(reports.nullLater(ALICE)).isNull();
          assertThatThrownBy(() -> Objects.requireNonNull(reports.nullMono(ALICE)).block())
              .isInstanceOf(NullPointerException.class)
              .hasMessage("Reports.nullMono returned null; it must return a Mono");
          backend.hold();
          CompletionStage<Integer> later = Objects.requireNonNull(reports.nullLater(ALICE));
          backend.answers.remove().run();
          assertThat(later.toCompletableFuture())
              .failsWithin(Duration.ofSeconds(10))
              .withThrowableThat()
              .withCauseInstanceOf(NullPointerException.class)
              .withMessageContaining("Reports.nullLater returned null");
        });
  }

  static class Unproxyable {
    @RateLimited(rule = "for-all")
    public final String render() {
      return "never limited";
    }
  }

  @Test
  void anAnnotationThatNoProxySeesIsFoundAtTheStart() {
    application
        .withBean(Unproxyable.class)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("limits nothing: a proxy does not see calls"));
  }

  @Test
  void methodsAreLimitedOutsideTransactionsAndCaches() {
    application.run(
        context ->
            assertThat(context.getBean(RateLimitedAdvisor.class).getOrder())
                .isLessThan(Ordered.LOWEST_PRECEDENCE));
  }

  @Test
  void whatWaitedIsCalledOnTheExecutorOfTheApplication() {
    Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    application
        .withBean("applicationTaskExecutor", Executor.class, () -> tasks::add)
        .run(
            context -> {
              Reports reports = context.getBean(Reports.class);
              backend.hold();
              CompletionStage<Integer> later = reports.renderLater(ALICE);
              backend.answers.remove().run();

              assertThat(tasks).hasSize(1);
              assertThat(reports.calls()).isZero();
              tasks.remove().run();
              assertThat(later.toCompletableFuture().join()).isEqualTo(1);
            });
  }

  @Test
  void aTurnThatIsTooLateIsDenied() {
    application
        .withPropertyValues("weir.max-wait=59s")
        .run(
            context -> {
              Reports reports = context.getBean(Reports.class);
              assertThat(reports.renderInTurn()).isEqualTo(1);
              assertThatThrownBy(reports::renderInTurn)
                  .isInstanceOf(RateLimitExceededException.class)
                  .hasMessageContaining("retry in 1 s");
            });
  }

  @Test
  void whoHoldsAThreadOfTooManyThatWaitIsDeniedAndHasTheTokensBack() {
    application
        .withPropertyValues("weir.annotations.max-waiting=0")
        .run(
            context -> {
              Reports reports = context.getBean(Reports.class);
              assertThat(reports.renderInTurn()).isEqualTo(1);

              assertThatThrownBy(reports::renderInTurn)
                  .isInstanceOf(RateLimitExceededException.class)
                  .hasMessageContaining("retry in 1 min");
              assertThat(reports.renderInTurnLater()).as("it holds none").isNotDone();
              assertThat(reports.calls()).isEqualTo(1);
            });
  }

  @Test
  void aKeyThatNamesNobodyIsAnErrorAndNotABudgetOfAll() {
    run(
        reports -> {
          assertThatThrownBy(() -> reports.render(new Account(null)))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage(
                  "the key '#account.id' of @RateLimited(rule = \"per-account\") of Reports.render"
                      + " is null; it must say who calls");
          assertThatThrownBy(() -> reports.render(new Account("")))
              .hasMessageContaining("is empty; it must say who calls");
          assertThat(reports.calls()).isZero();
        });
  }

  @Test
  void anExpressionThatFailsIsToldWithItsMethod() {
    run(
        reports -> {
          assertThatThrownBy(() -> reports.renderByAny(ALICE))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageStartingWith(
                  "the key '#account.idd' of @RateLimited(rule = \"per-account\") of"
                      + " Reports.renderByAny cannot be worked out: ")
              .hasMessageContaining("'idd' cannot be found on object of type");
          assertThatThrownBy(() -> reports.renderForAny(ALICE))
              .hasMessageStartingWith("the cost '#account.pages' of @RateLimited")
              .hasMessageContaining("'pages' cannot be found on object of type");
          assertThatThrownBy(() -> reports.renderByBean(ALICE))
              .hasMessageStartingWith("the key '@reports.idOf(#account)' of @RateLimited")
              .hasMessageEndingWith(
                  "cannot be worked out: java.lang.IllegalStateException: no directory")
              .hasRootCauseMessage("no directory");
          assertThat(reports.calls()).isZero();
        });
  }

  static class OwnFuture extends CompletableFuture<Integer> {}

  static class WithOwnFuture {
    @RateLimited(rule = "for-all")
    public OwnFuture call() {
      return new OwnFuture();
    }
  }

  abstract static class OwnFlux extends Flux<Integer> {}

  @RateLimited(rule = "for-all")
  static class WithOwnFlux {
    public OwnFlux call() {
      throw new AssertionError("never called");
    }
  }

  @Test
  void aTypeOfAnswersThatCannotBeMadeIsFoundAtTheStart() {
    failsToStart(
        WithOwnFuture.class,
        "@RateLimited(rule = \"for-all\") of WithOwnFuture.call is on a method that returns"
            + " OwnFuture, which cannot be made of an answer that comes later; it must return"
            + " CompletableFuture, or a type that this implements");
    failsToStart(
        WithOwnFlux.class,
        "of WithOwnFlux.call is on a method that returns OwnFlux, which cannot be made of an answer"
            + " that comes later; it must return Flux, or a type that this implements");
  }

  static class WithMisspeltBean {
    @RateLimited(rule = "per-account", key = "@nobean.id")
    public int call() {
      return 1;
    }
  }

  @Test
  void aBeanThatThereIsNotIsFoundAtTheStart() {
    failsToStart(
        WithMisspeltBean.class,
        "the key '@nobean.id' of @RateLimited(rule = \"per-account\") of WithMisspeltBean.call has"
            + " @nobean, and there is no bean of that name");
  }

  @Test
  void aCostThatIsNoNumberOfTokensIsAnError() {
    run(
        reports -> {
          assertThatThrownBy(() -> reports.renderForLess(ALICE))
              .hasMessageContaining("the cost '#account.id.length() - 6' of")
              .hasMessageContaining("is -1; it must be a whole number, 0 or more");
          assertThatThrownBy(() -> reports.renderForAHalf(ALICE)).hasMessageContaining("is 1.5;");
          assertThatThrownBy(() -> reports.renderForMany(ALICE)).hasMessageContaining("is many;");
          assertThat(reports.calls()).isZero();
        });
  }

  static class Misspelt {
    @RateLimited(rule = "per-acount", key = "#id")
    public int call(String id) {
      return 1;
    }
  }

  static class WithoutKey {
    @RateLimited(rule = "per-account")
    public int call() {
      return 1;
    }
  }

  static class WithoutSense {
    @RateLimited(rule = "per-account", key = "#id.")
    public int call(String id) {
      return 1;
    }
  }

  static class OfAnotherDomain {
    @RateLimited(rule = "per-account", key = "#id", domain = "elsewhere")
    public int call(String id) {
      return 1;
    }
  }

  @Test
  void annotationsThatMakeNoSenseAreFoundAtTheStart() {
    failsToStart(
        Misspelt.class,
        "@RateLimited(rule = \"per-acount\") of Misspelt.call: there is no limit 'per-acount' in"
            + " the domain api; there are [for-all, in-turn, per-account]");
    failsToStart(
        WithoutKey.class,
        "@RateLimited(rule = \"per-account\") of WithoutKey.call has 0 keys; it must have one for"
            + " each of [account]");
    failsToStart(WithoutSense.class, "the key '#id.' of @RateLimited on");
    failsToStart(OfAnotherDomain.class, "there is no domain elsewhere; there are [api]");
  }

  static class WithMisspeltParameter {
    @RateLimited(rule = "per-account", key = "#acount.id", cost = "#pages")
    public int call(Account account, int pages) {
      return 1;
    }
  }

  static class WithMisspeltCost {
    @RateLimited(rule = "per-account", key = "#root.method.name + #p0.id", cost = "2 * #page")
    public int call(Account account, int pages) {
      return 1;
    }
  }

  interface Named {
    @RateLimited(rule = "per-account", key = "#account.id")
    int call(Account account);
  }

  static class NamedOtherwise implements Named {
    @Override
    public int call(Account acc) {
      return 1;
    }
  }

  @Test
  void aNameThatIsNoParameterIsFoundAtTheStart() {
    failsToStart(
        WithMisspeltParameter.class,
        "the key '#acount.id' of @RateLimited(rule = \"per-account\") of WithMisspeltParameter.call"
            + " has #acount, which is no parameter of it; it has [#account, #pages]; did you mean"
            + " 'account'?");
    failsToStart(
        WithMisspeltCost.class, "the cost '2 * #page' of @RateLimited(rule = \"per-account\")");
    failsToStart(NamedOtherwise.class, "has #account, which is no parameter of it; it has [#acc]");
  }

  @Test
  void aNameThatNobodyKnowsAsItWasNotCompiledInIsFoundAtTheStart() throws Exception {
    RateLimited annotation =
        WithMisspeltCost.class
            .getMethod("call", Account.class, int.class)
            .getAnnotation(RateLimited.class);
    SpelExpressionParser parser = new SpelExpressionParser();
    // The JDK is compiled without names of parameters.
    Method method = String.class.getMethod("concat", String.class);
    ExpressionCheck check =
        new ExpressionCheck(new DefaultParameterNameDiscoverer(), new DefaultListableBeanFactory());

    check.check(
        new RateLimitedOperation(
            annotation,
            method,
            List.of(parser.parseExpression("#p0 + #a0")),
            parser.parseExpression("{1, 2}.?[#this > 1].size() + (#own = 3)")));
    assertThatThrownBy(
            () ->
                check.check(
                    new RateLimitedOperation(
                        annotation,
                        method,
                        List.of(parser.parseExpression("#str")),
                        parser.parseExpression("1"))))
        .hasMessageContaining("of String.concat has #str")
        .hasMessageContaining("compile it with -parameters, or write #p0 for the first one");
  }

  private void failsToStart(Class<?> bean, String message) {
    application
        .withBean(bean)
        .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining(message));
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
  void annotationsCanBeTurnedOff() {
    application
        .withPropertyValues("weir.annotations.enabled=false")
        .run(
            context -> {
              Reports reports = context.getBean(Reports.class);
              for (int i = 1; i <= 9; i++) {
                assertThat(reports.render(ALICE)).isEqualTo(i);
              }
            });
  }
}
