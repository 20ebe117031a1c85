package io.weir.limiter.http.servlet;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.http.RateLimitFields;
import io.weir.limiter.http.filter.Extractors;
import io.weir.limiter.http.filter.IncomingRequest;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesWatch;
import jakarta.servlet.http.HttpServletRequest;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is served and who is not, and what the answers and their fields tell. */
class RateLimitFilterAnswersTest extends RateLimitFilterKit {
  @ParameterizedTest
  @EnumSource
  void whoIsAllowedIsServedAndToldWhatIsLeft(WebContainer.Kind kind) {
    WebContainer container = start(kind, filter().build());

    HttpResponse<String> response = container.get("/page");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("page by REQUEST");
    assertThat(headers(response))
        .contains(
            "RateLimit-Policy: \"per-address\";q=20;w=60", "RateLimit: \"per-address\";r=19;t=60");
  }

  @ParameterizedTest
  @EnumSource
  void whoIsDeniedIsAnsweredBeforeTheApplication(WebContainer.Kind kind) {
    TestApplication application = new TestApplication(filter().build());
    WebContainer container = start(kind, application);
    for (int i = 0; i < 2; i++) {
      assertThat(post(container, "/login").statusCode()).isEqualTo(200);
    }

    HttpResponse<String> denied = post(container, "/login");

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.body())
        .isEqualTo(
            "{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\","
                + "\"title\":\"Request cannot be satisfied as assigned quota has been exceeded\","
                + "\"status\":429,"
                + "\"detail\":\"The limit logins is exceeded; try again in 1 min.\","
                + "\"violated-policies\":[\"logins\"],\"retry_after_ms\":60000}");
    assertThat(headers(denied))
        .contains(
            "Content-Type: application/problem+json",
            "Retry-After: 60",
            "Cache-Control: no-store",
            "RateLimit: \"logins\";r=0;t=60, \"per-address\";r=18;t=60");
    assertThat(application.requests).hasValue(2);
  }

  @ParameterizedTest
  @EnumSource
  void aHeadRequestIsOfTheRouteOfGetAndIsDeniedWithoutABody(WebContainer.Kind kind) {
    WebContainer container = start(kind, filter().build());
    for (int i = 0; i < 3; i++) {
      assertThat(head(container, "/orders/1").statusCode()).isEqualTo(200);
    }

    HttpResponse<String> denied = head(container, "/orders/1");

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.body()).isEmpty();
    assertThat(headers(denied)).contains("Content-Type: application/problem+json");
    assertThat(container.get("/orders/1").statusCode()).isEqualTo(429);
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionIsKeptAfterADenialThatLeftTheBodyUnread(WebContainer.Kind kind) throws Exception {
    WebContainer container = start(kind, filter().build());
    for (int i = 0; i < 2; i++) {
      post(container, "/login");
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), container.port())) {
      OutputStream out = socket.getOutputStream();
      String body = "x".repeat(1_000);
      for (int i = 0; i < 2; i++) {
        out.write(
            ("POST /app/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
      }
      out.write(
          "GET /app/page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();

      InputStream in = socket.getInputStream();
      String answers = new String(in.readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(answers.split("HTTP/1.1 429", -1)).hasSize(3);
      assertThat(answers).contains("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @EnumSource
  void forwardsErrorPagesAndRedispatchesAreNotChargedAgain(WebContainer.Kind kind) {
    RateLimitFilter filter = filter().build();
    WebContainer container = start(kind, filter, filter().build());

    assertThat(container.get("/forward").body()).isEqualTo("page by FORWARD");
    assertThat(container.get("/async").body()).isEqualTo("page by ASYNC");
    assertThat(container.get("/error").statusCode()).isEqualTo(418);

    assertThat(headers(container.get("/page"))).contains("RateLimit: \"per-address\";r=16;t=60");
  }

  @ParameterizedTest
  @CsvSource({"JETTY,2,9", "JETTY,9,2", "TOMCAT,2,9", "TOMCAT,9,2"})
  void filtersOfDifferentDomainsTellTheStricterLimitAndListBoth(
      WebContainer.Kind kind, long first, long second) {
    WebContainer container = start(kind, ofDomain("one", first), ofDomain("two", second));

    HttpResponse<String> allowed = container.get("/page");
    container.get("/page");
    HttpResponse<String> denied = container.get("/page");

    assertThat(items(allowed, "RateLimit"))
        .containsExactly(
            "\"of-one\";r=" + (first - 1) + ";t=60", "\"of-two\";r=" + (second - 1) + ";t=60");
    assertThat(items(allowed, "RateLimit-Policy"))
        .containsExactly("\"of-one\";q=" + first + ";w=60", "\"of-two\";q=" + second + ";w=60");
    assertThat(allowed.headers().allValues("X-RateLimit-Limit")).containsExactly("2");
    assertThat(allowed.headers().allValues("X-RateLimit-Remaining")).containsExactly("1");
    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.headers().allValues("X-RateLimit-Limit")).containsExactly("2");
    assertThat(denied.headers().allValues("X-RateLimit-Remaining")).containsExactly("0");
    assertThat(denied.headers().allValues("Retry-After")).containsExactly("60");
  }

  @Test
  void theLimitThatDeniedIsToldThoughAnotherLeavesFewerRequests() {
    RateLimitFilter tight = ofDomain("one", 1);
    RateLimitFilter denying = domain("two", 9).cost(request -> 10).build();
    WebContainer container = start(WebContainer.Kind.JETTY, tight, denying);

    HttpResponse<String> denied = container.get("/page");

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.headers().allValues("X-RateLimit-Limit")).containsExactly("9");
    assertThat(denied.headers().allValues("X-RateLimit-Remaining")).containsExactly("9");
  }

  private RateLimitFilter ofDomain(String domain, long perMinute) {
    return domain(domain, perMinute).build();
  }

  private RateLimitFilterBuilder domain(String domain, long perMinute) {
    DomainRules rules =
        DomainRules.of(
            domain, key("address").limit(RuleLimit.perMinute(perMinute).named("of-" + domain)));
    RateLimiter own = new RuleBasedRateLimiter(() -> RuleSet.of(rules), memory(), clock);
    return RateLimitFilter.builder(own).rules(rules).headers(RateLimitFields.Style.BOTH);
  }

  private static List<String> items(HttpResponse<?> response, String field) {
    return response.headers().allValues(field).stream()
        .flatMap(value -> Stream.of(value.split(", ")))
        .toList();
  }

  @Test
  void costsSkipsHeadersAndAnswersAreSettings() {
    WebContainer container =
        start(
            WebContainer.Kind.TOMCAT,
            filter()
                .cost(request -> hasQuery(request) ? 10 : 1)
                .skip(request -> request.path().equals("/health"))
                .headers(RateLimitFields.Style.X_RATE_LIMIT)
                .resetForm(RateLimitFields.ResetForm.EPOCH_SECONDS)
                .onDenied(
                    (request, response, denial) -> {
                      response.setStatus(420);
                      response.getWriter().print(denial.decision().orElseThrow().reason());
                    })
                .build());

    assertThat(headers(container.get("/health"))).noneMatch(it -> it.startsWith("X-RateLimit"));
    assertThat(headers(container.get("/page?large")))
        .contains("X-RateLimit-Remaining: 10", "X-RateLimit-Reset: " + (START / 1000 + 60))
        .noneMatch(it -> it.startsWith("RateLimit"));
    assertThat(container.get("/page").statusCode()).isEqualTo(200);
    HttpResponse<String> denied = container.get("/page?large");
    assertThat(denied.statusCode()).isEqualTo(420);
    assertThat(denied.body()).isEqualTo("OVER_LIMIT");
  }

  private static boolean hasQuery(IncomingRequest request) {
    return request.as(HttpServletRequest.class).getQueryString() != null;
  }

  @Test
  void aDenialCanBeTheContainersErrorPage() {
    WebContainer container =
        start(
            WebContainer.Kind.JETTY,
            filter().onDenied(DenialHandler.sendError()).cost(request -> 21).build());

    HttpResponse<String> denied = container.get("/page");

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.body()).contains("<h2>HTTP ERROR 429 Too Many Requests</h2>");
  }

  @Test
  void aRulesFileThatChangesIsFollowed(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("rules.yaml");
    String rules =
        """
        domain: api
        descriptors:
          - key: address
            descriptors:
              - {key: route, value: GET /page, rate_limit: {unit: minute, requests_per_unit: 5}}
        """;
    Files.writeString(file, rules);
    RulesWatch<HttpRules> watch = HttpRules.builder("api").file(file).watch(Duration.ofMillis(5));
    opened.add(watch);
    RateLimiter following = new RuleBasedRateLimiter(() -> watch.get().ruleSet(), memory(), clock);
    WebContainer container =
        start(WebContainer.Kind.JETTY, RateLimitFilter.builder(following).rules(watch).build());
    assertThat(policy(container)).hasValue("\"api.address.route_GET /page\";q=5;w=60");

    Files.writeString(file, rules.replace("5}", "7}").replace("/page", "/**"));

    Awaitility.await()
        .untilAsserted(
            () -> assertThat(policy(container)).hasValue("\"api.address.route_GET /**\";q=7;w=60"));
  }

  private static Optional<String> policy(WebContainer container) {
    return container.get("/page").headers().firstValue("RateLimit-Policy");
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> RateLimitFilter.builder(limiter).build())
        .hasMessage("the domain of the rules is not told");
    assertThatThrownBy(() -> filter().maxWait(Duration.ofDays(1)))
        .hasMessage("maxWait is 1 d; it must be from 0 to an hour");
    assertThatThrownBy(() -> filter().attribute("k", Extractors.hashedHeader("K", new byte[0])))
        .hasMessage("the secret of the header K is empty");
    HttpRules misspelt = HttpRules.builder("api").limit("x", "1/day by user,adress").build();
    assertThatThrownBy(() -> RateLimitFilter.builder(limiter).rules(misspelt).build())
        .hasMessage(
            "the limit x is '1/day by user,adress': it is by 'adress', which requests do not have"
                + " here; they have [all, address, user, method, path, route]; did you mean 'address'?");
    HttpRules ofVariable =
        HttpRules.builder("api")
            .limit("per-user", "1/day by user")
            .environment(Map.of("WEIR_LIMITS_PER_USER", "2/day by usr"))
            .build();
    assertThatThrownBy(() -> RateLimitFilter.builder(limiter).rules(ofVariable).build())
        .hasMessage(
            "WEIR_LIMITS_PER_USER is '2/day by usr': it is by 'usr', which requests do not have"
                + " here; they have [all, address, user, method, path, route]; did you mean"
                + " 'user'?");
    assertThat(RateLimitFilter.builder(RateLimiter.inMemory(RuleSet.empty())).rules(RULES).build())
        .hasToString(
            "RateLimitFilter[api: RuleBasedRateLimiter[InMemoryBackend[at most 1000000 rows]]]");
    HttpRules byKey = HttpRules.builder("api").limit("x", "GET /a 1/day by api_key").build();
    assertThat(RateLimitFilter.builder(limiter).apiKey("K").rules(byKey).build()).isNotNull();
  }

  private static HttpResponse<String> head(WebContainer container, String path) {
    return container.send(container.request(path).method("HEAD", BodyPublishers.noBody()));
  }
}
