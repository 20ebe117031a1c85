package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.Match;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls that are let through without the state tell so in the answer of their request. */
class DegradedCallsTest {
  private static final AutoConfigurations CONFIGURATION =
      AutoConfigurations.of(WeirAutoConfiguration.class, WeirAnnotationAutoConfiguration.class);
  private static final String[] LIMITS = {
    "weir.limits.away=1/minute by queue", "weir.limits.there=/there 9/minute"
  };

  static class Service {
    @RateLimited(rule = "away", key = "'reports'")
    @RateLimited(rule = "there")
    public String plain() {
      return "served";
    }

    @RateLimited(rule = "away", key = "'reports'")
    @RateLimited(rule = "away", key = "'others'")
    public CompletableFuture<String> later() {
      return CompletableFuture.completedFuture("served");
    }

    @RateLimited(rule = "away", key = "'reports'")
    public Mono<String> mono() {
      return Mono.just("served");
    }

    @RateLimited(rule = "there")
    public String undegraded() {
      return "served";
    }
  }

  @RestController
  static class Pages {
    private final Service service;

    Pages(Service service) {
      this.service = service;
    }

    @GetMapping("/plain")
    String plain() {
      return service.plain();
    }

    @GetMapping("/later")
    CompletableFuture<String> later() {
      return service.later();
    }

    @GetMapping("/mono")
    Mono<String> mono() {
      return service.mono();
    }

    @GetMapping("/flux")
    Flux<String> flux() {
      return Flux.just("a", "b").concatMap(each -> service.mono());
    }

    @GetMapping("/undegraded")
    String undegraded() {
      return service.undegraded();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    Service service() {
      return new Service();
    }

    @Bean
    Pages pages(Service service) {
      return new Pages(service);
    }

    /** Has no state of the limit 'away'. */
    @Bean
    LimitBackend backend() {
      return new ForwardingBackend(InMemoryBackend.builder().build()) {
        @Override
        public Decision judge(Match match, long cost) {
          return match.identifiers().get(0).limits().get(0).rule().equals("away")
              ? Decision.unjudged(match, Verdict.ALLOW, "away", 1)
              : super.judge(match, cost);
        }
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableWebMvc
  static class Mvc {}

  @Configuration(proxyBeanMethods = false)
  @EnableWebFlux
  static class WebFlux {}

  @ParameterizedTest
  @CsvSource({"/plain, allow", "/later, allow", "/undegraded,"})
  void springMvcTellsWhatMethodsThatAreCalledTold(String path, @Nullable String degraded) {
    new WebApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .withUserConfiguration(Application.class, Mvc.class)
        .withPropertyValues(LIMITS)
        .run(
            context -> {
              MockHttpServletResponse response =
                  MockMvcBuilders.webAppContextSetup(context)
                      .build()
                      .perform(get(path))
                      .andReturn()
                      .getResponse();

              assertThat(response.getStatus()).isEqualTo(200);
              assertThat(response.getHeaders("Weir-Degraded"))
                  .isEqualTo(degraded == null ? List.of() : List.of(degraded));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mono", "/flux"})
  void webFluxTellsWhatPublishersThatAreSubscribedTold(String path) {
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .withUserConfiguration(Application.class, WebFlux.class)
        .withPropertyValues(LIMITS)
        .run(
            context ->
                WebTestClient.bindToApplicationContext(context)
                    .build()
                    .get()
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .valueEquals("Weir-Degraded", "allow"));
  }
}
