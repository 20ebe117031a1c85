package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weir.limiter.spring.RateLimited;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

class UseTest {
  @SpringBootApplication
  @RestController
  static class Application {
    @GetMapping("/")
    Mono<String> hello() {
      return Mono.just("hello");
    }

    @GetMapping("/report")
    @RateLimited(rule = "reports")
    public Mono<String> report() {
      return Mono.just("a report");
    }
  }

  private static HttpResponse<String> get(ConfigurableApplicationContext context, String path)
      throws Exception {
    String port = context.getEnvironment().getProperty("local.server.port");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            BodyHandlers.ofString());
  }

  private static ConfigurableApplicationContext run(String... limits) {
    SpringApplication application = new SpringApplication(Application.class);
    application.setDefaultProperties(
        Map.of("server.port", "0", "server.address", "127.0.0.1", limits[0], limits[1], limits[2], limits[3]));
    return application.run();
  }

  @Test
  void limitsWithADependencyAndAProperty() throws Exception {
    try (ConfigurableApplicationContext context =
        run("weir.limits.reports", "/none 1/year", "weir.limits.all", "1/year by address")) {
      assertEquals("hello", get(context, "/").body());
      HttpResponse<String> denied = get(context, "/");
      assertEquals(429, denied.statusCode());
      assertTrue(denied.headers().firstValue("Retry-After").isPresent());
    }
  }

  @Test
  void limitsAMethodThatIsReactive() throws Exception {
    try (ConfigurableApplicationContext context =
        run("weir.limits.reports", "/none 1/year", "weir.enabled", "true")) {
      assertEquals("a report", get(context, "/report").body());
      assertEquals(429, get(context, "/report").statusCode());
    }
  }

  @Test
  void doesWithoutTheServletApi() {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("jakarta.servlet.Filter"));
  }
}
