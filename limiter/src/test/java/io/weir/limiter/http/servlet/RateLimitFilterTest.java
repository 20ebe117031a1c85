package io.weir.limiter.http.servlet;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.LogLines;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.http.ClientAddresses;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.http.RateLimitFields;
import io.weir.limiter.http.filter.Extractors;
import io.weir.limiter.http.filter.IncomingRequest;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesWatch;
import io.weir.limiter.tck.FakeClock;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RateLimitFilterTest {
  private static final long START = 1_767_225_600_000L;
  private static final DomainRules RULES =
      DomainRules.of(
          "api",
          key("address")
              .limit(RuleLimit.perMinute(20).named("per-address"))
              .with(
                  key("route", "POST /login").limit(RuleLimit.perMinute(2).named("logins")),
                  key("route", "GET /orders/{id}").limit(RuleLimit.perMinute(3).named("orders"))),
          key("api_key").limit(RuleLimit.perHour(1).named("per-key")),
          key("route", "GET /reports")
              .limit(
                  RuleLimit.perSecond(1).named("reports").algorithm(new LeakyBucket()).burst(100)));

  private final FakeClock clock = new FakeClock(START);
  private final RuleBasedRateLimiter limiter = over(InMemoryBackend.builder().clock(clock).build());
  private final List<AutoCloseable> opened = new ArrayList<>();

  private RuleBasedRateLimiter over(LimitBackend backend) {
    RuleSet rules = RuleSet.of(RULES);
    return new RuleBasedRateLimiter(() -> rules, backend, clock);
  }

  private RateLimitFilterBuilder filter() {
    return filter(limiter);
  }

  private RateLimitFilterBuilder filter(RateLimiter other) {
    return RateLimitFilter.builder(other).rules(RULES).clock(clock);
  }

  private WebContainer start(WebContainer.Kind kind, TestApplication application) {
    WebContainer container = WebContainer.start(kind, application);
    opened.add(container);
    return container;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsAllowedIsServedAndToldWhatIsLeft(WebContainer.Kind kind) {
    WebContainer container = start(kind, new TestApplication(filter().build()));

    HttpResponse<String> response = container.get("/page");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("page by REQUEST");
    assertThat(headers(response))
        .contains(
            "RateLimit-Policy: \"per-address\";q=20;w=60", "RateLimit: \"per-address\";r=19;t=60");
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
    RateLimiter following =
        new RuleBasedRateLimiter(
            () -> watch.get().ruleSet(), InMemoryBackend.builder().clock(clock).build(), clock);
    WebContainer container =
        start(
            WebContainer.Kind.JETTY,
            new TestApplication(RateLimitFilter.builder(following).rules(watch).build()));
    assertThat(policy(container)).hasValue("\"api.address.route_GET /page\";q=5;w=60");

    Files.writeString(file, rules.replace("5}", "7}").replace("/page", "/**"));

    Awaitility.await()
        .untilAsserted(
            () -> assertThat(policy(container)).hasValue("\"api.address.route_GET /**\";q=7;w=60"));
  }

  private static Optional<String> policy(WebContainer container) {
    return container.get("/page").headers().firstValue("RateLimit-Policy");
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
  void otherSpellingsOfAPathAreTheSameRoute(WebContainer.Kind kind) {
    WebContainer container = start(kind, new TestApplication(filter().build()));

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
  void aWelcomePageIsOfTheRouteThatTheClientAskedFor() {
    HttpRules rules =
        HttpRules.builder("api")
            .limit("root", "GET / 1/hour")
            .limit("docs", "GET /docs 1/hour")
            .build();
    RateLimitFilter filter = RateLimitFilter.builder(inMemory(rules)).rules(rules).build();
    WebContainer container =
        WebContainer.start(
            WebContainer.Kind.TOMCAT,
            context -> {
              context
                  .addFilter("limits", filter)
                  .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
              context
                  .addServlet("pages", new Welcome())
                  .addMapping("/index.html", "/docs/index.html");
            });
    opened.add(container);

    assertThat(container.get("/").body()).isEqualTo("/index.html");
    assertThat(container.get("/").statusCode()).isEqualTo(429);
    assertThat(container.get("/docs/").body()).isEqualTo("/docs/index.html");
    assertThat(container.get("/docs/").statusCode()).isEqualTo(429);
    assertThat(container.get("/index.html").statusCode()).isEqualTo(200);
  }

  private RateLimiter inMemory(HttpRules rules) {
    return new RuleBasedRateLimiter(rules::ruleSet, memory(), clock);
  }

  private LimitBackend memory() {
    return InMemoryBackend.builder().clock(clock).build();
  }

  private static final class Welcome extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print(request.getServletPath());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHeadRequestIsOfTheRouteOfGetAndIsDeniedWithoutABody(WebContainer.Kind kind) {
    WebContainer container = start(kind, new TestApplication(filter().build()));
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
  void forwardsErrorPagesAndRedispatchesAreNotChargedAgain(WebContainer.Kind kind) {
    RateLimitFilter filter = filter().build();
    WebContainer container = start(kind, new TestApplication(filter, filter().build()));

    assertThat(container.get("/forward").body()).isEqualTo("page by FORWARD");
    assertThat(container.get("/async").body()).isEqualTo("page by ASYNC");
    assertThat(container.get("/error").statusCode()).isEqualTo(418);

    assertThat(headers(container.get("/page"))).contains("RateLimit: \"per-address\";r=16;t=60");
  }

  @ParameterizedTest
  @CsvSource({"JETTY,2,9", "JETTY,9,2", "TOMCAT,2,9", "TOMCAT,9,2"})
  void filtersOfDifferentDomainsTellTheStricterLimitAndListBoth(
      WebContainer.Kind kind, long first, long second) {
    WebContainer container =
        start(kind, new TestApplication(ofDomain("one", first), ofDomain("two", second)));

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
    WebContainer container = start(WebContainer.Kind.JETTY, new TestApplication(tight, denying));

    HttpResponse<String> denied = container.get("/page");

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.headers().allValues("X-RateLimit-Limit")).containsExactly("9");
    assertThat(denied.headers().allValues("X-RateLimit-Remaining")).containsExactly("9");
  }

  @Test
  void filtersThatAreDegradedInDifferentWaysTellBoth() {
    RateLimiter failing =
        over(
            new SeeingBackend(new ArrayList<>()) {
              @Override
              public Decision judge(Match match, long cost) {
                return Decision.unjudged(match, Verdict.ALLOW, "away", START);
              }
            });
    RateLimiter broken = over(InMemoryBackend.builder().clock(clock).build());
    broken.close();
    WebContainer container =
        start(
            WebContainer.Kind.TOMCAT,
            new TestApplication(
                filter(failing).build(),
                filter(broken).domain("two").build(),
                filter(broken).domain("three").build()));

    assertThat(container.get("/page").headers().allValues("Weir-Degraded"))
        .containsExactly("allow", "failed");
  }

  private RateLimitFilter ofDomain(String domain, long perMinute) {
    return domain(domain, perMinute).build();
  }

  private RateLimitFilterBuilder domain(String domain, long perMinute) {
    DomainRules rules =
        DomainRules.of(
            domain, key("address").limit(RuleLimit.perMinute(perMinute).named("of-" + domain)));
    RateLimiter own =
        new RuleBasedRateLimiter(
            () -> RuleSet.of(rules), InMemoryBackend.builder().clock(clock).build(), clock);
    return RateLimitFilter.builder(own).rules(rules).headers(RateLimitFields.Style.BOTH);
  }

  private static List<String> items(HttpResponse<?> response, String field) {
    return response.headers().allValues(field).stream()
        .flatMap(value -> Stream.of(value.split(", ")))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionIsKeptAfterADenialThatLeftTheBodyUnread(WebContainer.Kind kind) throws Exception {
    WebContainer container = start(kind, new TestApplication(filter().build()));
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
  void addressesAreThoseThatTrustedProxiesTell(WebContainer.Kind kind) {
    WebContainer container =
        start(
            kind,
            new TestApplication(
                filter()
                    .addresses(ClientAddresses.ofPeers().trusting(List.of("127.0.0.0/8")))
                    .build()));
    for (int i = 0; i < 2; i++) {
      assertThat(postFrom(container, "6.6.6." + i + ", 203.0.113.7").statusCode()).isEqualTo(200);
    }

    assertThat(postFrom(container, "6.6.6.9, 203.0.113.7").statusCode()).isEqualTo(429);
    assertThat(postFrom(container, "203.0.113.8").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void whatAnUntrustedClientTellsOfItsAddressMeansNothing(WebContainer.Kind kind) {
    WebContainer container = start(kind, new TestApplication(filter().build()));
    for (int i = 0; i < 2; i++) {
      assertThat(postFrom(container, "203.0.113." + i).statusCode()).isEqualTo(200);
    }

    assertThat(postFrom(container, "203.0.113.9").statusCode()).isEqualTo(429);
  }

  @Test
  void aKeyIsHashedBeforeAnybodySeesIt() {
    List<Match> seen = new ArrayList<>();
    WebContainer container =
        start(
            WebContainer.Kind.JETTY,
            new TestApplication(filter(over(new SeeingBackend(seen))).apiKey("X-API-Key").build()));

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
    WebContainer container =
        start(WebContainer.Kind.TOMCAT, new TestApplication(filter().apiKey("X-API-Key").build()));

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

  @Test
  void costsSkipsHeadersAndAnswersAreSettings() {
    WebContainer container =
        start(
            WebContainer.Kind.TOMCAT,
            new TestApplication(
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
                    .build()));

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
            new TestApplication(
                filter().onDenied(DenialHandler.sendError()).cost(request -> 21).build()));

    HttpResponse<String> denied = container.get("/page");

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.body()).contains("<h2>HTTP ERROR 429 Too Many Requests</h2>");
  }

  @ParameterizedTest
  @EnumSource
  void whatTheRuleSaysOfAFailingBackendIsShown(WebContainer.Kind kind) {
    Verdict[] verdict = {Verdict.ALLOW};
    RateLimiter failing =
        over(
            new SeeingBackend(new ArrayList<>()) {
              @Override
              public Decision judge(Match match, long cost) {
                return Decision.unjudged(match, verdict[0], "redis://10.1.2.3 is away", START);
              }
            });
    WebContainer container = start(kind, new TestApplication(filter(failing).build()));

    HttpResponse<String> allowed = container.get("/page");
    verdict[0] = Verdict.DENY;
    HttpResponse<String> denied = container.get("/page");

    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(headers(allowed)).contains("Weir-Degraded: allow");
    assertThat(denied.statusCode()).isEqualTo(503);
    assertThat(headers(denied)).contains("Weir-Degraded: deny");
    assertThat(denied.body())
        .contains("#temporary-reduced-capacity", "\"status\":503")
        .doesNotContain("10.1.2.3");
  }

  @Test
  void whatWasJudgedByLocalStateIsShown() {
    RateLimiter local =
        over(
            new SeeingBackend(new ArrayList<>()) {
              @Override
              public Decision judge(Match match, long cost) {
                return super.judge(match, cost).asDegraded("Redis is away");
              }
            });
    WebContainer container =
        start(WebContainer.Kind.JETTY, new TestApplication(filter(local).build()));

    assertThat(headers(container.get("/page"))).contains("Weir-Degraded: local");
  }

  @ParameterizedTest
  @EnumSource
  void aLimiterThatThrowsLetsRequestsGoOnUnlessTheFilterIsClosedThen(WebContainer.Kind kind) {
    limiter.close();
    RateLimitFilter open = filter().build();
    RateLimitFilter closed = filter().failOpen(false).build();
    WebContainer openOne = start(kind, new TestApplication(open));
    WebContainer closedOne = start(kind, new TestApplication(closed));

    HttpResponse<String> served = openOne.get("/page");
    HttpResponse<String> denied = closedOne.get("/page");

    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(headers(served)).contains("Weir-Degraded: failed");
    assertThat(denied.statusCode()).isEqualTo(503);
    assertThat(headers(denied)).contains("Weir-Degraded: failed", "Cache-Control: no-store");
    assertThat(openOne.get("/page").statusCode()).isEqualTo(200);
    assertThat(open.failures()).isEqualTo(2);
    assertThat(closed.failures()).isEqualTo(1);
  }

  @Test
  void aTestToSkipThatThrowsSkipsNothingAndRefusesNothing() {
    RateLimitFilter filter =
        filter()
            .skip(
                request -> {
                  throw new IllegalStateException("no table");
                })
            .build();
    WebContainer container = start(WebContainer.Kind.TOMCAT, new TestApplication(filter));

    HttpResponse<String> served = container.get("/page");

    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(headers(served)).anyMatch(header -> header.startsWith("RateLimit: "));
    assertThat(filter.unread()).isEqualTo(1);
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
    RateLimiter health =
        RateLimiter.inMemory(
            HttpRules.builder("api").limit("health", "/health 0/minute").build().ruleSet());
    HttpRules rules = HttpRules.builder("api").limit("health", "/health 0/minute").build();
    WebContainer container =
        start(
            WebContainer.Kind.TOMCAT,
            new TestApplication(RateLimitFilter.builder(health).rules(rules).build()));

    assertThat(container.get("/health;x=1").statusCode()).isEqualTo(429);
    assertThat(container.get("/health%3Banything").statusCode()).isEqualTo(200);
  }

  @Test
  void aBudgetOfAllIsOfRequestsOfEveryRoute() {
    HttpRules rules =
        HttpRules.builder("api")
            .limit("all", "3/minute by all")
            .limit("rest", "/** 9/minute")
            .limit("login", "POST /login 5/minute by address")
            .build();
    RateLimiter inMemory = RateLimiter.inMemory(rules.ruleSet());
    WebContainer container =
        start(
            WebContainer.Kind.JETTY,
            new TestApplication(RateLimitFilter.builder(inMemory).rules(rules).build()));

    assertThat(post(container, "/login").statusCode()).isEqualTo(200);
    assertThat(post(container, "/login").statusCode()).isEqualTo(200);
    assertThat(container.get("/page").statusCode()).isEqualTo(200);
    assertThat(post(container, "/login").body()).contains("The limit all is exceeded");
    assertThat(container.get("/page").statusCode()).isEqualTo(429);
    assertThatThrownBy(() -> filter().attribute("all", request -> Optional.empty()))
        .hasMessage("the attribute 'all' is the same of all requests");
  }

  @Test
  void aRequestThatMakesNoSenseToTheLimiterIsAFailureToo() {
    RuleSet rules = RuleSet.of(RULES);
    RateLimitFilter refusing =
        filter(
                new RuleBasedRateLimiter(
                    () -> rules,
                    InMemoryBackend.builder().build(),
                    clock,
                    match -> Optional.of("no such identifiers here")))
            .build();

    assertThat(start(WebContainer.Kind.JETTY, new TestApplication(refusing)).get("/").statusCode())
        .isEqualTo(200);

    assertThat(refusing.failures()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void whatCannotBeReadOfARequestSwitchesNoLimitOff(boolean async) {
    RateLimitFilter filter =
        filter()
            .attribute(
                "tenant",
                request -> {
                  throw new IllegalStateException("no tenant");
                })
            .cost(request -> Long.parseLong(request.header("X-Cost").orElseThrow()))
            .async(async)
            .build();
    WebContainer container = start(WebContainer.Kind.TOMCAT, new TestApplication(filter));

    for (String cost : List.of("all", "-5")) {
      assertThat(container.send(postOf(container).header("X-Cost", cost)).statusCode())
          .isEqualTo(200);
    }

    assertThat(container.send(postOf(container).header("X-Cost", "")).statusCode()).isEqualTo(429);
    assertThat(filter.failures()).isZero();
    assertThat(filter.unread()).isEqualTo(6);
  }

  private static HttpRequest.Builder postOf(WebContainer container) {
    return container.request("/login").POST(BodyPublishers.noBody());
  }

  @ParameterizedTest
  @EnumSource
  void requestsWaitForTheirTurnWithoutHoldingThreads(WebContainer.Kind kind) {
    Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    int many = 4 * WebContainer.THREADS;
    TestApplication application =
        new TestApplication(
            filter()
                .withoutAttribute("address")
                .async(true)
                .maxWait(Duration.ofMinutes(5))
                .delays(
                    (delay, work) -> {
                      waiting.add(work);
                      return new CompletableFuture<>();
                    })
                .build());
    WebContainer container = start(kind, application);

    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.rangeClosed(0, many)
            .mapToObj(i -> container.sendAsync(container.request("/reports?i=" + i)))
            .toList();

    Awaitility.await().until(() -> waiting.size() == many);
    Awaitility.await().untilAtomic(application.requests, Matchers.is(1));
    waiting.forEach(Runnable::run);
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.join().statusCode()).isEqualTo(200);
              assertThat(answer.join().body()).isEqualTo("page by REQUEST");
            });
    assertThat(application.requests).hasValue(many + 1);
  }

  @ParameterizedTest
  @EnumSource
  void asynchronousFiltersAnswerAndPassOnAsOthersDo(WebContainer.Kind kind) {
    RateLimitFilter filter = filter().async(true).build();
    WebContainer container = start(kind, new TestApplication(filter, filter().build()));

    assertThat(container.get("/forward").body()).isEqualTo("page by FORWARD");
    assertThat(container.get("/async").body()).isEqualTo("page by ASYNC");
    assertThat(container.get("/error").statusCode()).isEqualTo(418);
    assertThat(headers(container.get("/page"))).contains("RateLimit: \"per-address\";r=16;t=60");
    for (int i = 0; i < 2; i++) {
      assertThat(post(container, "/login").statusCode()).isEqualTo(200);
    }
    HttpResponse<String> denied = post(container, "/login");
    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.body()).contains("The limit logins is exceeded");
    limiter.close();
    assertThat(container.get("/page").statusCode()).isEqualTo(200);
    assertThat(filter.failures()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void anAsynchronousFilterThatTheContainerLeavesOutIsToldOfAndLimitsFromThenOn(
      WebContainer.Kind kind) {
    Set<DispatcherType> withoutAsync = EnumSet.complementOf(EnumSet.of(DispatcherType.ASYNC));
    WebContainer container =
        start(kind, new TestApplication(true, withoutAsync, filter().async(true).build()));

    try (LogLines logged = LogLines.of(RateLimitFilter.class)) {
      Awaitility.await()
          .untilAsserted(
              () -> {
                assertThat(headers(container.get("/page")))
                    .anyMatch(field -> field.startsWith("RateLimit: "));
                assertThat(logged.messages())
                    .singleElement()
                    .asString()
                    .contains("map it for the dispatcher type ASYNC");
              });
    }

    for (int i = 0; i < 2; i++) {
      assertThat(post(container, "/login").statusCode()).isEqualTo(200);
    }
    assertThat(post(container, "/login").statusCode()).isEqualTo(429);
  }

  @ParameterizedTest
  @EnumSource
  void aFilterInFrontThatAnswersWhatWaitedDoesNotTurnAsynchronousOff(WebContainer.Kind kind) {
    AtomicInteger asked = new AtomicInteger();
    RateLimiter counting =
        over(
            new ForwardingBackend(memory()) {
              @Override
              public CompletionStage<Decision> judgeAsync(Match match, long cost) {
                asked.incrementAndGet();
                return super.judgeAsync(match, cost);
              }
            });
    Filter expiring =
        (request, response, chain) -> {
          if (request.getDispatcherType() == DispatcherType.ASYNC
              && ((HttpServletRequest) request).getHeader("X-Expired") != null) {
            ((HttpServletResponse) response).setStatus(401);
          } else {
            chain.doFilter(request, response);
          }
        };
    WebContainer container =
        start(kind, new TestApplication(expiring, filter(counting).async(true).build()));

    for (int i = 1; i <= 5; i++) {
      assertThat(container.send(container.request("/page").header("X-Expired", "1")).statusCode())
          .isEqualTo(401);
      assertThat(container.get("/page").statusCode()).isEqualTo(200);
      assertThat(asked).as("without holding a thread").hasValue(2 * i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereTheChainDoesNotSupportItTheThreadWaits(WebContainer.Kind kind) {
    List<Duration> waits = new ArrayList<>();
    WebContainer container =
        start(kind, new TestApplication(false, filter().async(true).waiter(waits::add).build()));

    assertThat(container.get("/reports").statusCode()).isEqualTo(200);
    assertThat(container.get("/reports").statusCode()).isEqualTo(200);
    assertThat(waits).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void aTurnThatIsTooLateIsDeniedAndGivenBack() {
    WebContainer container =
        start(
            WebContainer.Kind.TOMCAT,
            new TestApplication(
                filter().waiter(delay -> {}).maxWait(Duration.ofSeconds(1)).build()));
    for (int i = 0; i < 2; i++) {
      assertThat(container.get("/reports").statusCode()).isEqualTo(200);
    }

    for (int i = 0; i < 3; i++) {
      HttpResponse<String> denied = container.get("/reports");
      assertThat(denied.statusCode()).isEqualTo(429);
      assertThat(denied.body()).contains("The limit reports is exceeded; try again in 1 s.");
      assertThat(headers(denied)).contains("Retry-After: 1");
    }
    clock.advance(Duration.ofSeconds(1));
    assertThat(container.get("/reports").statusCode()).isEqualTo(200);
  }

  @Test
  void whoIsInterruptedWhileWaitingIsNotServedAndHasTheTokensBack() {
    List<Duration> waits = new ArrayList<>();
    WebContainer container =
        start(
            WebContainer.Kind.JETTY,
            new TestApplication(
                filter()
                    .waiter(
                        delay -> {
                          waits.add(delay);
                          throw new InterruptedException();
                        })
                    .build()));
    container.get("/reports");

    assertThat(container.get("/reports").statusCode()).isEqualTo(503);
    assertThat(container.get("/reports").statusCode()).isEqualTo(503);
    assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1));
  }

  @Test
  void turnsCanBeIgnored() {
    WebContainer container =
        start(
            WebContainer.Kind.JETTY,
            new TestApplication(
                filter()
                    .ignoreTurns()
                    .waiter(
                        delay -> {
                          throw new IllegalStateException("nobody waits");
                        })
                    .build()));

    for (int i = 0; i < 30; i++) {
      assertThat(container.get("/reports").statusCode()).isEqualTo(i < 20 ? 200 : 429);
    }
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

  private static HttpResponse<String> post(WebContainer container, String path) {
    return container.send(container.request(path).POST(BodyPublishers.noBody()));
  }

  private static HttpResponse<String> postFrom(WebContainer container, String forwarded) {
    return container.send(
        container
            .request("/login")
            .header("X-Forwarded-For", forwarded)
            .POST(BodyPublishers.noBody()));
  }

  private static HttpResponse<String> head(WebContainer container, String path) {
    return container.send(container.request(path).method("HEAD", BodyPublishers.noBody()));
  }

  private static List<String> headers(HttpResponse<?> response) {
    return response.headers().map().entrySet().stream()
        .flatMap(
            field ->
                field.getValue().stream().map(value -> canonical(field.getKey()) + ": " + value))
        .toList();
  }

  /** The client gives names as they came; HTTP does not care for their case. */
  private static String canonical(String name) {
    return Stream.of(
            "RateLimit-Policy",
            "RateLimit",
            "Retry-After",
            "Cache-Control",
            "Content-Type",
            "Weir-Degraded",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset")
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .orElse(name);
  }

  private class SeeingBackend extends ForwardingBackend {
    private final List<Match> seen;

    SeeingBackend(List<Match> seen) {
      super(InMemoryBackend.builder().clock(clock).build());
      this.seen = seen;
    }

    @Override
    public Decision judge(Match match, long cost) {
      seen.add(match);
      return super.judge(match, cost);
    }
  }
}
