package io.weir.limiter.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.rule.Match;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** By what requests are told apart: their routes, addresses and keys. */
class RateLimitFilterAttributesTest extends RateLimitFilterKit {
  private RateLimitFilter filterOf(HttpRules rules) {
    RateLimiter judging = new RuleBasedRateLimiter(rules::ruleSet, memory(), clock);
    return RateLimitFilter.builder(judging).rules(rules).build();
  }

  @ParameterizedTest
  @EnumSource
  void otherSpellingsOfAPathAreTheSameRoute(WebContainer.Kind kind) {
    WebContainer container = start(kind, filter().build());

    Stream.of("/orders/1", "/orders/2/", "/%6Frders/3;x=1")
        .forEach(path -> assertThat(container.get(path).statusCode()).as(path).isEqualTo(200));

    Stream.of("/orders/4", "/orders/4/", "/orders;jsessionid=1/4", "/orders/%34")
        .forEach(path -> assertThat(container.get(path).statusCode()).as(path).isEqualTo(429));
    // Jetty does not take empty segments at all.
    Stream.of("/orders//4", "//orders/4")
        .forEach(path -> assertThat(container.get(path).statusCode()).as(path).isIn(429, 400));
    assertThat(container.get("/orders").statusCode()).isEqualTo(200);
    assertThat(container.get("/orders/4/lines").statusCode()).isEqualTo(200);
  }

  @Test
  void aPathThatCanBeReadInTwoWaysIsRefusedEvenWhereItWouldBeSkipped() {
    TestApplication application = new TestApplication(filter().skip(request -> true).build());
    WebContainer container = start(WebContainer.Kind.TOMCAT, application);

    Stream.of("/search/%2e%2e/orders/4", "/search/..;/orders/4", "/x/../orders/4")
        .forEach(path -> assertThat(container.get(path).statusCode()).as(path).isEqualTo(400));

    assertThat(container.get("/search/%2e%2e/orders/4").body())
        .contains("The path can be read in two ways");
    assertThat(application.requests).hasValue(0);
  }

  @Test
  void aSemicolonThatIsEncodedIsPartOfTheName() {
    HttpRules rules = HttpRules.builder("api").limit("health", "/health 0/minute").build();
    WebContainer container = start(WebContainer.Kind.TOMCAT, filterOf(rules));

    assertThat(container.get("/health;x=1").statusCode()).isEqualTo(429);
    assertThat(container.get("/health%3Banything").statusCode()).isEqualTo(200);
  }

  @Test
  void aWelcomePageIsOfTheRouteThatTheClientAskedFor() {
    HttpRules rules =
        HttpRules.builder("api")
            .limit("root", "GET / 1/hour")
            .limit("docs", "GET /docs 1/hour")
            .build();
    RateLimitFilter filter = filterOf(rules);
    WebContainer container =
        start(
            WebContainer.Kind.TOMCAT,
            context -> {
              context
                  .addFilter("limits", filter)
                  .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
              context
                  .addServlet("pages", new Welcome())
                  .addMapping("/index.html", "/docs/index.html");
            });

    assertThat(container.get("/").body()).isEqualTo("/index.html");
    assertThat(container.get("/").statusCode()).isEqualTo(429);
    assertThat(container.get("/docs/").body()).isEqualTo("/docs/index.html");
    assertThat(container.get("/docs/").statusCode()).isEqualTo(429);
    assertThat(container.get("/index.html").statusCode()).isEqualTo(200);
  }

  private static final class Welcome extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print(request.getServletPath());
    }
  }

  @Test
  void aBudgetOfAllIsOfRequestsOfEveryRoute() {
    HttpRules rules =
        HttpRules.builder("api")
            .limit("all", "3/minute by all")
            .limit("rest", "/** 9/minute")
            .limit("login", "POST /login 5/minute by address")
            .build();
    WebContainer container = start(WebContainer.Kind.JETTY, filterOf(rules));

    assertThat(post(container, "/login").statusCode()).isEqualTo(200);
    assertThat(post(container, "/login").statusCode()).isEqualTo(200);
    assertThat(container.get("/page").statusCode()).isEqualTo(200);
    assertThat(post(container, "/login").body()).contains("The limit all is exceeded");
    assertThat(container.get("/page").statusCode()).isEqualTo(429);
    assertThatThrownBy(() -> filter().attribute("all", request -> Optional.empty()))
        .hasMessage("the attribute 'all' is the same of all requests");
  }

  @ParameterizedTest
  @EnumSource
  void addressesAreThoseThatTrustedProxiesTell(WebContainer.Kind kind) {
    WebContainer container =
        start(
            kind,
            filter().addresses(ClientAddresses.ofPeers().trusting(List.of("127.0.0.0/8"))).build());
    for (int i = 0; i < 2; i++) {
      assertThat(postFrom(container, "6.6.6." + i + ", 203.0.113.7").statusCode()).isEqualTo(200);
    }

    assertThat(postFrom(container, "6.6.6.9, 203.0.113.7").statusCode()).isEqualTo(429);
    assertThat(postFrom(container, "203.0.113.8").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void whatAnUntrustedClientTellsOfItsAddressMeansNothing(WebContainer.Kind kind) {
    WebContainer container = start(kind, filter().build());
    for (int i = 0; i < 2; i++) {
      assertThat(postFrom(container, "203.0.113." + i).statusCode()).isEqualTo(200);
    }

    assertThat(postFrom(container, "203.0.113.9").statusCode()).isEqualTo(429);
  }

  private static HttpResponse<String> postFrom(WebContainer container, String forwarded) {
    return container.send(
        container
            .request("/login")
            .header("X-Forwarded-For", forwarded)
            .POST(BodyPublishers.noBody()));
  }

  @Test
  void aKeyIsHashedBeforeAnybodySeesIt() {
    List<Match> seen = new ArrayList<>();
    RateLimiter seeing =
        over(
            new ForwardingBackend(memory()) {
              @Override
              public Decision judge(Match match, long cost) {
                seen.add(match);
                return super.judge(match, cost);
              }
            });
    WebContainer container =
        start(WebContainer.Kind.JETTY, filter(seeing).apiKey("X-API-Key").build());

    HttpResponse<String> first =
        container.send(container.request("/page").header("X-API-Key", "s3cret"));
    HttpResponse<String> second =
        container.send(container.request("/page").header("X-API-Key", "s3cret"));

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.body()).doesNotContain("s3cret").contains("per-key");
    assertThat(seen)
        .hasSize(2)
        .allSatisfy(match -> assertThat(match.identifiers().toString()).doesNotContain("s3cret"));
    assertThat(container.get("/page").statusCode()).as("without a key").isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"JETTY,false", "JETTY,true", "TOMCAT,false", "TOMCAT,true"})
  void whoSendsTwoKeysDoesNotChooseWhichOneIsCharged(WebContainer.Kind kind, boolean async) {
    TestApplication application =
        new TestApplication(filter().apiKey("X-API-Key").async(async).build());
    WebContainer container = start(kind, application);

    HttpResponse<String> bad =
        container.send(
            container
                .request("/page")
                .header("X-API-Key", "made-up")
                .header("x-api-key", "s3cret"));

    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body())
        .contains("The field X-API-Key is there several times; send it once.")
        .doesNotContain("s3cret");
    assertThat(application.requests).hasValue(0);
  }

  @Test
  void whoMakesKeysUpIsLimitedByAddress() {
    WebContainer container = start(WebContainer.Kind.TOMCAT, filter().apiKey("X-API-Key").build());

    long served =
        IntStream.range(0, 30)
            .filter(
                i ->
                    container
                            .send(container.request("/page").header("X-API-Key", "made-up-" + i))
                            .statusCode()
                        == 200)
            .count();

    assertThat(served).isEqualTo(20);
  }
}
