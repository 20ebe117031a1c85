package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.expression.spel.standard.SpelExpressionParser;

class ExpressionCheckTest {
  record Account(String id, Owner owner) {}

  static final class Owner {
    public final String name = "Alice";

    public boolean isActive() {
      return true;
    }
  }

  /** May be of a class that has more. */
  static class Open {
    public Account getAccount() {
      return new Account("1", new Owner());
    }
  }

  static class Service {
    @RateLimited(rule = "r")
    public int call(
        Account account,
        Open open,
        Optional<Account> maybe,
        Map<String, Account> accounts,
        int[] numbers,
        String text,
        Class<?> type) {
      return 1;
    }
  }

  private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

  private void check(String key) {
    beans.registerSingleton("tenants", new Object());
    beans.registerSingleton("a.b", new Object());
    SpelExpressionParser parser = new SpelExpressionParser();
    try {
      Method method = Service.class.getMethods()[0];
      new ExpressionCheck(new DefaultParameterNameDiscoverer(), beans)
          .check(
              new RateLimitedOperation(
                  method.getAnnotation(RateLimited.class),
                  method,
                  List.of(parser.parseExpression(key)),
                  parser.parseExpression("1")));
    } finally {
      beans.destroySingletons();
    }
  }

  private AbstractThrowableAssert<?, ?> assertThatRefuses(String key) {
    return assertThatThrownBy(() -> check(key))
        .isInstanceOf(WeirStartException.class)
        .hasMessageStartingWith(
            "the key '" + key + "' of @RateLimited(rule = \"r\") of Service.call has ");
  }

  @Test
  void aParameterWithoutItsSignIsFound() {
    assertThatRefuses("account")
        .hasMessageEndingWith(
            "'account', which is no property of #root; a parameter is written with a #, and #root"
                + " has [method, target]; did you mean '#account'?");
    assertThatRefuses("'of ' + acount.id").hasMessageEndingWith("; did you mean '#account'?");
    assertThatRefuses("#root.targetClass.name").hasMessageContaining("'targetClass', which");
    assertThatRefuses("@tenants.of(account)").hasMessageContaining("'account', which");
    assertThatRefuses("true ? {account} : null").hasMessageContaining("'account', which");
  }

  @Test
  void aPropertyThatAFinalTypeDoesNotHaveIsFound() {
    assertThatRefuses("#account.idd")
        .hasMessageEndingWith(
            "'idd', which is no property of Account; it has [id, owner]; did you mean 'id'?");
    assertThatRefuses("#p0.owner.nam")
        .hasMessageEndingWith(
            "'nam', which is no property of Owner; it has [active, name]; did you mean 'name'?");
    assertThatRefuses("#account?.idd").hasMessageContaining("no property of Account");
    assertThatRefuses("#numbers.size")
        .hasMessageEndingWith("'size', which is no property of int[]; it has [length]");
    assertThatRefuses("#text.lenght").hasMessageContaining("no property of String");
    assertThatRefuses("#root.method.nme").hasMessageContaining("no property of Method");
    assertThatRefuses("#accounts[#account.idd]").hasMessageContaining("no property of Account");
  }

  @Test
  void aBeanThatThereIsNotIsFound() {
    assertThatRefuses("@tenant.id")
        .hasMessageEndingWith("has @tenant, and there is no bean of that name");
    assertThatRefuses("@'a.c'.id")
        .hasMessageEndingWith("has @'a.c', and there is no bean of that name");
    assertThatRefuses("&tenant").hasMessageEndingWith("&tenant, and there is no bean of that name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#account.id",
        "#account.class.simpleName",
        "#account.hashCode",
        "#account.owner.name + #account.owner.active",
        "#open.anything.at.all",
        "#open.account.idd",
        "#maybe?.idd",
        "#maybe.present",
        "#accounts[alice].idd",
        "#accounts.?[value.id == '1']",
        "#accounts.![value.idd]",
        "#numbers.length",
        "#text.bytes.length",
        "#text.empty",
        "#type.anything",
        "target.anything",
        "method.name",
        "#root.target.anything",
        "#root.method.name",
        "@tenants.anything",
        "@'a.b'.anything",
        "{alice: #account.id}[alice]",
        "T(java.util.Locale).ROOT.anything",
        "new String('x').anything",
        "own = #account.id"
      })
  void whatMayBeThereIsLeftToTheCall(String key) {
    assertThatCode(() -> check(key)).doesNotThrowAnyException();
  }
}
