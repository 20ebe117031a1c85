package io.weir.starter;

import io.weir.limiter.spring.RateLimited;
import jakarta.validation.constraints.Min;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** An application as a user of the starter writes it. */
@SpringBootApplication
class ShopApplication {

  @RestController
  static class Shop {
    private final Reports reports;

    Shop(Reports reports) {
      this.reports = reports;
    }

    @GetMapping("/orders/{id}")
    String order(@PathVariable String id) {
      return "order " + id;
    }

    @PostMapping("/login")
    String login() {
      return "welcome";
    }

    @GetMapping("/later")
    CompletableFuture<String> later() {
      return CompletableFuture.supplyAsync(() -> "later");
    }

    @GetMapping("/reports/{account}")
    String report(@PathVariable String account) {
      return reports.render(account);
    }

    @GetMapping("/reports-later/{account}")
    CompletableFuture<String> reportLater(@PathVariable String account) {
      return reports.renderLater(account);
    }

    @RateLimited(rule = "per-account", key = "#account")
    @GetMapping("/reports-mono/{account}")
    Mono<String> reportMono(@PathVariable String account) {
      return Mono.just("report of " + account);
    }

    @RateLimited(rule = "per-account", key = "#account", cost = "#pages")
    @GetMapping("/pages/{account}")
    String pages(@PathVariable String account, @RequestParam @Min(0) long pages) {
      return pages + " pages of " + account;
    }
  }

  @Service
  static class Reports {
    @RateLimited(rule = "per-account", key = "#account")
    String render(String account) {
      return "report of " + account;
    }

    @RateLimited(rule = "per-account", key = "#account")
    CompletableFuture<String> renderLater(String account) {
      return CompletableFuture.completedFuture("report of " + account);
    }
  }
}
