package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.spring.Reports.Account;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import reactor.core.publisher.Flux;

/** Annotations that make no sense are found at the start, what only a call shows at the call. */
class RateLimitedMistakesTest extends RateLimitedKit {
  private void failsToStart(Class<?> bean, String message) {
    application
        .withBean(bean)
        .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining(message));
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

  static class Unproxyable {
    @RateLimited(rule = "for-all")
    public final String render() {
      return "never limited";
    }
  }

  @Test
  void anAnnotationThatNoProxySeesIsFoundAtTheStart() {
    failsToStart(Unproxyable.class, "limits nothing: a proxy does not see calls");
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
}
