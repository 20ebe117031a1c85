package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.RateLimitExceededException;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.Verdict;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.http.RateLimitFields;
import io.weir.limiter.http.RateLimitHeaders;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

class RateLimitExceededAdviceTest {
  private static final FakeClock CLOCK = new FakeClock(1_767_225_600_000L);
  private static final RuleSet RULES =
      HttpRules.builder("api").limit("per-user", "0/minute by user").build().ruleSet();

  private final RateLimitHeaders headers =
      new RateLimitHeaders(
          RateLimitFields.Style.X_RATE_LIMIT, RateLimitFields.ResetForm.SECONDS_LEFT);

  @RestController
  static class Denying {
    @GetMapping("/denied")
    String denied() {
      try (RuleBasedRateLimiter limiter =
          new RuleBasedRateLimiter(
              () -> RULES, InMemoryBackend.builder().clock(CLOCK).build(), CLOCK)) {
        throw new RateLimitExceededException(limiter.check(Request.of("api", "user", "secret")));
      }
    }

    @GetMapping("/unavailable")
    String unavailable() {
      throw new RateLimitExceededException(
          Decision.unjudged(
              RULES.match("api", Request.of("api", "user", "secret").attributes()),
              Verdict.DENY,
              "redis://10.1.2.3 is away",
              1));
    }
  }

  @Test
  void springMvcAnswersAsTheFilterDoes() throws Exception {
    var mvc =
        MockMvcBuilders.standaloneSetup(new Denying())
            .setControllerAdvice(new ServletRateLimitAdvice(headers))
            .build();

    MockHttpServletResponse denied = mvc.perform(get("/denied")).andReturn().getResponse();
    MockHttpServletResponse unavailable =
        mvc.perform(get("/unavailable")).andReturn().getResponse();

    assertThat(denied.getStatus()).isEqualTo(429);
    assertThat(denied.getContentType()).isEqualTo("application/problem+json");
    assertThat(denied.getHeader("X-RateLimit-Limit")).isEqualTo("0");
    assertThat(denied.getHeader("Cache-Control")).isEqualTo("no-store");
    assertThat(denied.getContentAsString())
        .contains("The limit per-user is exceeded; trying again does not help.")
        .doesNotContain("secret");
    assertThat(unavailable.getStatus()).isEqualTo(503);
    assertThat(unavailable.getHeader("Weir-Degraded")).isEqualTo("deny");
    assertThat(unavailable.getContentAsString()).doesNotContain("10.1.2.3");
  }

  @Configuration(proxyBeanMethods = false)
  @EnableWebMvc
  static class Mvc {
    @Bean
    Denying denying() {
      return new Denying();
    }
  }

  @RestControllerAdvice
  static class OfJustThis {
    @ExceptionHandler
    @ResponseStatus(HttpStatus.CONFLICT)
    String handle(RateLimitExceededException exceeded) {
      return "own";
    }
  }

  @RestControllerAdvice
  static class OfAll {
    @ExceptionHandler
    @ResponseStatus(HttpStatus.INTERNAL_SERVER_ERROR)
    String handle(RuntimeException failure) {
      return "oops";
    }
  }

  @ParameterizedTest
  @CsvSource({"OfJustThis, 409", "OfAll, 429"})
  void anAdviceOfTheApplicationForJustThisWinsAndOneForAllDoesNot(String advice, int status) {
    new WebApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(WeirAutoConfiguration.class, WeirAdviceAutoConfiguration.class))
        .withUserConfiguration(Mvc.class, advice.equals("OfAll") ? OfAll.class : OfJustThis.class)
        .run(
            context ->
                assertThat(
                        MockMvcBuilders.webAppContextSetup(context)
                            .build()
                            .perform(get("/denied"))
                            .andReturn()
                            .getResponse()
                            .getStatus())
                    .isEqualTo(status));
  }

  @Test
  void webFluxAnswersAsTheFilterDoes() {
    WebTestClient client =
        WebTestClient.bindToController(new Denying())
            .controllerAdvice(new WebFluxRateLimitAdvice(headers))
            .build();

    client
        .get()
        .uri("/denied")
        .exchange()
        .expectStatus()
        .isEqualTo(429)
        .expectHeader()
        .contentType("application/problem+json")
        .expectHeader()
        .valueEquals("X-RateLimit-Limit", "0")
        .expectBody(String.class)
        .value(body -> assertThat(body).contains("\"violated-policies\":[\"per-user\"]"));
  }
}
