package io.weir.limiter.http;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.words.Quoted;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What a line of a limit means. */
class HttpRulesLinesTest extends HttpRulesKit {
  @Test
  void aVariableIsALimitOfARoute() {
    HttpRules rules =
        line("POST /login 5/minute by address algorithm=token_bucket burst=10 on_error=deny");

    assertThat(rules.rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("address")
                    .with(
                        key("route", "POST /login")
                            .limits(
                                RuleLimit.perMinute(5)
                                    .named("login")
                                    .algorithm(new TokenBucket())
                                    .burst(10)
                                    .onError(OnError.DENY)))));
    assertThat(rules.routes().find("POST", "/login")).hasToString("Optional[POST /login]");
    assertThat(rules.keys()).isEqualTo(Map.of("login", List.of("address", "route")));
    assertThat(rules.ruleSet().find("api")).hasValue(rules.rules());
  }

  @Test
  void aLineCanBeOfAllRequestsByAnyAttributesOrShared() {
    assertThat(line("100/day by address,user").rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("address").with(key("user").limits(RuleLimit.perDay(100).named("login")))));
    assertThat(line("/files/** 10/30seconds").rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("route", "/files/{...}")
                    .limits(RuleLimit.perSecond(10).times(30).named("login"))));
    assertThat(
            environment(
                    Map.of(
                        "WEIR_LIMITS_LOGIN", "GET /health unlimited by address replaces=a,b",
                        "WEIR_LIMITS_A", "1/second by address",
                        "WEIR_LIMITS_B", "2/second by address"))
                .rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("address")
                    .limits(RuleLimit.perSecond(1).named("a"), RuleLimit.perSecond(2).named("b"))
                    .with(
                        key("route", "GET /health")
                            .limits(
                                RuleLimit.unlimited()
                                    .named("login")
                                    .replacing("a")
                                    .replacing("b")))));
    assertThat(line(" 0/Hours  by  user ").rules())
        .isEqualTo(DomainRules.of("api", key("user").limits(RuleLimit.perHour(0).named("login"))));
  }

  @Test
  void whatIsByTheSameAttributesIsInOnePlace() {
    HttpRules rules =
        environment(
            Map.of(
                "WEIR_LIMITS_PER_ADDRESS", "100/minute by address",
                "WEIR_LIMITS_LOGIN", "POST /login 5/minute by address",
                "WEIR_LIMITS_LOGINS_A_DAY", "POST /login 20/day by address",
                "PATH", "/bin"));

    assertThat(rules.rules().descriptors())
        .singleElement()
        .satisfies(
            address -> {
              assertThat(address.limits()).hasSize(1);
              assertThat(address.children())
                  .singleElement()
                  .satisfies(login -> assertThat(login.limits()).hasSize(2));
            });
    assertThat(rules.keys()).containsOnlyKeys("per-address", "login", "logins-a-day");
  }

  @Property
  void aLineIsReadOrRefusedWithItsNameAndItself(@ForAll("lines") String line) {
    try {
      assertThat(line(line).rules().descriptors()).isNotEmpty();
    } catch (RulesException e) {
      assertThat(e).hasMessageStartingWith("WEIR_LIMITS_LOGIN is '" + Quoted.text(line) + "': ");
    }
  }

  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.oneOf(
            Arbitraries.of(
                "GET",
                "/a",
                "/**",
                "/a/{x}",
                "5/minute",
                "unlimited",
                "by",
                "address",
                "user,ip",
                "burst=3",
                "algorithm=token_bucket",
                "algorithm=leaky_bucket",
                "replaces=b",
                "off"),
            Arbitraries.strings().ofMaxLength(4))
        .list()
        .ofMaxSize(6)
        .map(it -> String.join(" ", it));
  }
}
