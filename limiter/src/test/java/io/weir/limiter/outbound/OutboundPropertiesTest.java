package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.limiter.algorithm.Limit;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutboundPropertiesTest extends OutboundKit {
  private static final Limit HUNDRED = Limit.tokenBucket(100, Duration.ofMinutes(1));

  @Test
  void aLimiterIsMadeOfProperties() {
    Properties properties = new Properties();
    properties.setProperty("weir.outbound.github.requests", "100");
    properties.setProperty("weir.outbound.github.period", " 1m ");
    properties.setProperty("weir.outbound.github.burst", "7");
    properties.setProperty("weir.outbound.github.max.waiting", "0");
    properties.setProperty("weir.outbound.github.max.wait", "5s");
    properties.setProperty("weir.outbound.other.requests", "wrong");
    Properties overDefaults = new Properties(properties);

    try (TokenBucketRateLimiter limiter =
        TokenBucketRateLimiter.builder("github", overDefaults).clock(clock).timer(timer).build()) {
      assertThat(limiter.limit()).isEqualTo(HUNDRED.withBurst(7));
      assertThat(limiter.name()).isEqualTo("github");
      limiter.acquire(7);
      assertThat(limiter.reserve(1, Duration.ofDays(1))).isCompletedExceptionally();
    }
  }

  @Test
  void anAdaptiveLimiterIsMadeOfProperties() {
    AdaptiveRateLimiter limiter =
        AdaptiveRateLimiter.builder(
                "api",
                properties(
                    "safety=0.5 minimum.requests=1 minimum.period=1s maximum.requests=2"
                        + " maximum.period=1s longest=1h first.pause=2s"))
            .clock(clock)
            .timer(timer)
            .build();

    limiter.onAnswer(503, name -> List.of());
    assertThat(limiter.acquire(1)).hasMillis(2_600);
    limiter.onAnswer(
        200, name -> name.equals("RateLimit-Policy") ? List.of("\"p\";q=1000;w=1") : List.of());
    assertThat(limiter.limit()).isEqualTo(new Limit(HUNDRED.algorithm(), 1, 500, 500));
  }

  @Test
  void limitersOfEndpointsAreMadeOfProperties() {
    EndpointRateLimiter limiter =
        EndpointRateLimiter.builder(
                "api",
                properties(
                    "adaptive=true safety=0.5 concurrency=2 max.endpoints=9 idle.after=1m"
                        + " endpoint.repos.pattern=/repos/** endpoint.repos.requests=5"
                        + " endpoint.repos.period=1s"))
            .clock(clock)
            .timer(timer)
            .build();

    assertThat(limiter.limit("/repos/x")).isEqualTo(Limit.tokenBucket(5, Duration.ofSeconds(1)));
    assertThat(limiter.limit("/x")).isEqualTo(HUNDRED);
    limiter.onAnswer("/x", 429, name -> List.of());
    assertThat(limiter.availableTokens("/x")).isZero();
    EndpointRateLimiter steady =
        EndpointRateLimiter.builder("api", properties("adaptive=false")).clock(clock).build();
    steady.onAnswer("/x", 429, name -> List.of());
    assertThat(steady.tryAcquire("/x")).isTrue();
    steady.close();
  }

  @Test
  void anExecutorIsMadeOfProperties() {
    try (RateLimitedExecutor executor =
        RateLimitedExecutor.builder("api", properties("concurrency=3")).build()) {
      assertThat(executor.submit(() -> "ran").join()).isEqualTo("ran");
    }
    try (RateLimitedExecutor executor =
        RateLimitedExecutor.builder("api", Map.of("weir.outbound.api.concurrency", 3)).build()) {
      assertThat(executor.waiting()).isZero();
    }
    RateLimitedExecutor limited =
        RateLimitedExecutor.builder("api", properties("burst=1"))
            .clock(clock)
            .timer(timer)
            .workers(Runnable::run)
            .build();
    assertThat(limited.submit(() -> "ran")).isCompleted();
    assertThat(limited.submit(() -> "waits")).isNotDone();
  }

  @Test
  void aClientIsMadeOfProperties() throws Exception {
    FakeHttpClient server = new FakeHttpClient().answer(429, "Retry-After", "0");
    RateLimitedHttpClient client =
        RateLimitedHttpClient.builder(
                server,
                "api",
                properties(
                    "adaptive=false retry.attempts=2 retry.total=1s retry.first.pause=1ms"
                        + " endpoint.1.pattern=/a endpoint.1.requests=1 endpoint.1.period=1s"))
            .build();

    assertThat(
            client
                .send(
                    HttpRequest.newBuilder(URI.create("http://api.test/b")).build(),
                    BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(200);
    assertThat(client.endpoints().limit("//h/a").requests()).isEqualTo(1);
    client.close();
  }

  @Test
  void howAClientFollowsAnswersIsMadeOfProperties() throws Exception {
    FakeHttpClient server =
        new FakeHttpClient().answer(200, "RateLimit-Policy", "\"p\";q=100;w=60");
    RateLimitedHttpClient client =
        RateLimitedHttpClient.builder(server, "api", properties("safety=0.5"))
            .clock(clock)
            .timer(timer)
            .build();

    client.send(
        HttpRequest.newBuilder(URI.create("http://api.test/b")).build(), BodyHandlers.discarding());
    assertThat(client.endpoints().limit("GET api.test/x").burst()).isEqualTo(50);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reqests=1 | there is no setting weir.outbound.api.reqests; there are burst, max.wait,"
            + " max.waiting, period, requests; did you mean 'requests'?",
        "requests=-3 | weir.outbound.api.requests is '-3'; it must be a whole number"
            + " from 1 to 999999999999999999",
        "burst=-1 | weir.outbound.api.burst is '-1'; it must be a whole number"
            + " from 1 to 999999999999999999",
        "requests=5000000000000000000 | weir.outbound.api.requests is '5000000000000000000'; it"
            + " must be a whole number from 1 to 999999999999999999",
        "max.waiting=x | weir.outbound.api.max.waiting is 'x'; it must be a whole number from 0"
            + " to 2147483647",
        "period=5 | weir.outbound.api.period is '5'; it must be a duration, like 100ms, 5s, 10m, 2h"
            + " or 1d",
        "period=5w | weir.outbound.api.period is '5w'; it must be a duration, like 100ms, 5s, 10m,"
            + " 2h or 1d",
        "burst=0 | weir.outbound.api.burst is '0'; it must be a whole number"
            + " from 1 to 999999999999999999",
        "requests=0 | weir.outbound.api.requests is '0'; it must be a whole number"
            + " from 1 to 999999999999999999",
        "max.waiting=99999999999 | weir.outbound.api.max.waiting is '99999999999'; it must be a"
            + " whole number from 0 to 2147483647",
      })
  void aMistakeIsNamedWithItsValueAndWhatWouldBeRight(String setting, String message) {
    String text = setting.startsWith("burst=") ? setting : setting + " burst=1";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenBucketRateLimiter.builder("api", properties(text)))
        .withMessage(message);
  }

  @Test
  void whatIsMadeTellsWhatItIs() {
    try (TokenBucketRateLimiter bucket =
            TokenBucketRateLimiter.builder("api", properties("burst=2")).build();
        AdaptiveRateLimiter adaptive =
            AdaptiveRateLimiter.builder("api", properties("burst=2")).build();
        EndpointRateLimiter endpoints =
            EndpointRateLimiter.builder("api", properties("burst=2")).build();
        RateLimitedExecutor executor =
            RateLimitedExecutor.builder("api", properties("burst=2")).build()) {
      String limit = bucket.limit() + ", 0 waiting]";
      assertThat(bucket).hasToString("TokenBucketRateLimiter[api: " + limit);
      assertThat(adaptive).hasToString("AdaptiveRateLimiter[api: " + limit);
      assertThat(endpoints).hasToString("EndpointRateLimiter[api: 0 in use of at most 1000]");
      assertThat(executor).hasToString("RateLimitedExecutor[api: 0 tasks]");
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenBucketRateLimiter.builder("api", Map.of()))
        .withMessage(
            "weir.outbound.api.requests and weir.outbound.api.period must both be set, like 100 and"
                + " 1m");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveRateLimiter.builder("api", properties("minimum.requests=1")))
        .withMessageContaining("weir.outbound.api.minimum.period must both be set");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                EndpointRateLimiter.builder(
                    "api", properties("endpoint.1.requests=1 endpoint.1.period=1s")))
        .withMessage("weir.outbound.api.endpoint.1.pattern, requests and period must all be set");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EndpointRateLimiter.builder("api", properties("endpoint.1.pattern=/a")))
        .withMessage("weir.outbound.api.endpoint.1.pattern, requests and period must all be set");
  }

  @Test
  void aMisspeltSettingOfAPatternIsToldAsSuch() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                EndpointRateLimiter.builder(
                    "api",
                    properties("endpoint.1.patern=/a endpoint.1.requests=1 endpoint.1.period=1s")))
        .withMessage(
            "there is no setting weir.outbound.api.endpoint.1.patern; there are pattern, requests,"
                + " period, burst; did you mean 'pattern'?");
  }

  @Test
  void theBoundsOfTheRateHaveNoBurst() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                AdaptiveRateLimiter.builder(
                    "api", properties("minimum.requests=1 minimum.period=1s minimum.burst=2")))
        .withMessageStartingWith("there is no setting weir.outbound.api.minimum.burst; there are");
  }

  @Test
  void aMinimumAboveTheMaximumIsToldAsSettings() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                AdaptiveRateLimiter.builder(
                    "api",
                    properties(
                        "minimum.requests=3 minimum.period=1s maximum.requests=2"
                            + " maximum.period=1s")))
        .withMessage(
            "weir.outbound.api.minimum and maximum: minimum is 3 per 1 s; it must be at most the"
                + " maximum, 1 per 500 ms");
  }

  @Test
  void whatMustBeOneOrMoreIsNotSaidToBeFromZero() {
    for (String setting : List.of("concurrency", "max.endpoints")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> EndpointRateLimiter.builder("api", properties(setting + "=0")))
          .withMessage(
              "weir.outbound.api."
                  + setting
                  + " is '0'; it must be a whole number from 1 to 2147483647");
    }
  }

  @Test
  void valuesThatTheBuildersRefuseAreNamedAsSettings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveRateLimiter.builder("api", properties("safety=2")))
        .withMessage(
            "weir.outbound.api.safety is '2'; it must be a number from 0.001 to 1, like 0.9");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveRateLimiter.builder("api", properties("safety=0")))
        .withMessage("weir.outbound.api.safety is '0': safety is 0.0; it must be from 0.001 to 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EndpointRateLimiter.builder("api", properties("adaptive=yes")))
        .withMessage("weir.outbound.api.adaptive is 'yes'; it must be true or false");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                EndpointRateLimiter.builder(
                    "api",
                    properties(
                        "endpoint.1.pattern=/**/a endpoint.1.requests=1 endpoint.1.period=1s")))
        .withMessageStartingWith(
            "weir.outbound.api.endpoint.1.pattern is '/**/a': the route '/**/a' has ** before");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenBucketRateLimiter.builder("a.b", Map.of()))
        .withMessage("the name is 'a.b'; it must be of letters, digits, '-' and '_'");
  }

  /** Settings of "api" beside 100 a minute. */
  private static Map<String, String> properties(String settings) {
    Map<String, String> properties = new HashMap<>();
    properties.put("weir.outbound.api.requests", "100");
    properties.put("weir.outbound.api.period", "1m");
    for (String setting : settings.split(" ", -1)) {
      String[] both = setting.split("=", 2);
      properties.put("weir.outbound.api." + both[0], both[1]);
    }
    return properties;
  }
}
