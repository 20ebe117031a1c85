package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.http.filter.Extractors;
import io.weir.limiter.http.servlet.RateLimitFilter;
import io.weir.limiter.http.servlet.RateLimitFilterBuilder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;

class FilterWarningsTest {
  private final HttpRules rules =
      HttpRules.builder("api")
          .limit("per-user", "POST /orders 3/minute by user")
          .limit("per-address", "9/minute by address")
          .build();
  private final RateLimitFilterBuilder filter =
      RateLimitFilter.builder(RateLimiter.inMemory(rules.ruleSet())).rules(rules);
  private final StaticListableBeanFactory beans = new StaticListableBeanFactory();
  private final MockEnvironment environment = new MockEnvironment();

  @Test
  void aLimitByKeysThatNobodyCheckedWithoutOneByAddressIsWarnedOf() {
    assertThat(warningsOf("5/minute by api_key")).as("without a header of keys").isEmpty();
    filter.apiKey("X-API-Key");
    assertThat(warningsOf("5/minute by user")).isEmpty();
    assertThat(warningsOf("5/minute by api_key"))
        .singleElement()
        .asString()
        .contains("limits by 'api_key'", "none by 'address'");
    assertThat(warningsOf("5/minute by api_key", "9/minute by address")).isEmpty();
    assertThat(warningsOf("5/minute by api_key", "9/minute by all")).isEmpty();
  }

  @Test
  void aLimitByAnAddressThatAHeaderTellsIsWarnedOf() {
    environment.setProperty("weir.filter.attributes.address", "X-Real-IP");
    filter.attribute("address", Extractors.header("X-Real-IP"));

    assertThat(warningsOf("5/minute by user")).isEmpty();
    assertThat(warningsOf("9/minute by address"))
        .containsExactly(
            "There are limits by 'address', and weir.filter.attributes.address takes it of the"
                + " header X-Real-IP, which the client itself may write. Leave it out, and name"
                + " your proxies in weir.filter.trusted-proxies.");
  }

  private List<String> warningsOf(String... lines) {
    HttpRules.Builder limits = HttpRules.builder("api");
    for (String line : lines) {
      limits.limit("limit-" + line.replaceAll(".* ", "").replace('_', '-'), line);
    }
    return FilterWarnings.of(
        limits.build().rules(), filter, -110, Set.of("framework"), beans, environment);
  }

  private List<String> warnings(int order) {
    return FilterWarnings.of(rules.rules(), filter, order, Set.of("framework"), beans, environment);
  }

  @Test
  void aLimitByUserBeforeSecurityIsWarnedOf() {
    assertThat(warnings(-110)).as("without security").isEmpty();
    beans.addBean("springSecurityFilterChain", new Object());

    assertThat(warnings(-110))
        .singleElement()
        .asString()
        .contains("weir.filter.order is -110, before Spring Security (-100)", "Set it to -90");
    assertThat(warnings(-90)).isEmpty();
    filter.attribute("user", request -> Optional.of("of a token"));
    assertThat(warnings(-110)).isEmpty();
  }

  @Test
  void aLimitByUserBeforeSecurityOnWebFluxIsWarnedOf() {
    beans.addBean(
        "org.springframework.security.config.annotation.web.reactive.WebFluxSecurityConfiguration"
            + ".WebFilterChainFilter",
        new Object());

    assertThat(warnings(-110)).singleElement().asString().contains("before Spring Security (-100)");
  }

  @Test
  void aLimitByAddressWhereSpringTakesWhatTheClientWroteIsWarnedOf() {
    environment.setProperty("server.forward-headers-strategy", "native");
    assertThat(warnings(-110)).isEmpty();
    environment.setProperty("server.forward-headers-strategy", "FRAMEWORK");

    assertThat(warnings(-110))
        .singleElement()
        .asString()
        .contains("server.forward-headers-strategy is framework");
    environment.setProperty("server.forward-headers-strategy", "native");
    assertThat(
            FilterWarnings.of(
                rules.rules(), filter, 0, Set.of("framework", "native"), beans, environment))
        .singleElement()
        .asString()
        .contains("server.forward-headers-strategy is native");
    environment.setProperty("server.forward-headers-strategy", "framework");
    filter.attribute("address", request -> Optional.of("of a token"));
    assertThat(warnings(-110)).isEmpty();
  }
}
