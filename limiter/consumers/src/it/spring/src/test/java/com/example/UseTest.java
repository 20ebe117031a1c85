package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

class UseTest {
  @SpringBootApplication
  @RestController
  static class Application {
    @GetMapping("/")
    String hello() {
      return "hello";
    }
  }

  @Test
  void limitsWithADependencyAndAProperty() throws Exception {
    SpringApplication application = new SpringApplication(Application.class);
    application.setDefaultProperties(
        Map.of("server.port", "0", "server.address", "127.0.0.1", "weir.limits.all", "1/year by address"));
    try (ConfigurableApplicationContext context = application.run()) {
      String port = context.getEnvironment().getProperty("local.server.port");
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
      HttpClient client = HttpClient.newHttpClient();
      assertEquals(200, client.send(request, BodyHandlers.ofString()).statusCode());
      assertEquals(429, client.send(request, BodyHandlers.ofString()).statusCode());
    }
  }
}
