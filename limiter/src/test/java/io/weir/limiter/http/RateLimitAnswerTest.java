package io.weir.limiter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitAnswerTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final long NOW_SECONDS = NOW.getEpochSecond();
  private static final OptionalLong NONE = OptionalLong.empty();

  @Test
  void theFieldsOfTheCurrentDraftAreReadByTheNamesOfTheirPolicies() {
    RateLimitAnswer answer =
        parse(
            Map.of(
                "RateLimit-Policy", "\"user\";q=100;w=60, \"login\";q=5;w=1;weir-burst=7",
                "RateLimit", "\"login\";r=4;t=1, \"user\";r=42;t=35"));

    assertThat(answer.limits())
        .containsExactly(
            new ToldLimit("login", of(5), of(1_000), of(7), of(4), of(1_000)),
            new ToldLimit("user", of(100), of(60_000), NONE, of(42), of(35_000)));
  }

  @Test
  void linesOfOneFieldAreOneList() {
    RateLimitAnswer answer =
        RateLimitAnswer.parse(
            200,
            name ->
                name.equals("RateLimit-Policy")
                    ? List.of("\"a\";q=1;w=1", "\"b\";q=2;w=1")
                    : List.of(),
            NOW);

    assertThat(answer.limits()).extracting(ToldLimit::name).containsExactly("a", "b");
  }

  @Test
  void parametersMayStandApartAndOthersAreReadPast() {
    assertThat(
            parse(
                    Map.of(
                        "RateLimit-Policy",
                        "  \"10-in-1min\"; q=10; w=60; pk=:NGM3Zg==:;x=?1;y=1.5;z=@17;d=%\"a\"",
                        "RateLimit",
                        "\"10-in-1min\"; r=9; t=60 ,\t(\"in\" ner;a);b, token;r=3, \"last\";r=3"))
                .limits())
        .containsExactly(
            new ToldLimit("10-in-1min", of(10), of(60_000), NONE, of(9), of(60_000)),
            new ToldLimit("last", NONE, NONE, NONE, of(3), NONE));
  }

  @Test
  void policiesThatCountOtherThingsThanRequestsAreLeftOut() {
    assertThat(
            parse(
                    Map.of(
                        "RateLimit-Policy",
                        "\"bytes\";q=65535;w=10;qu=\"content-bytes\","
                            + " \"n\";q=5;w=1;qu=\"requests\"",
                        "RateLimit",
                        "\"bytes\";r=0;t=9, \"n\";r=4;t=1"))
                .limits())
        .extracting(ToldLimit::name)
        .containsExactly("n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a\";r=1,",
        "\"a\";r=1;;",
        "\"a;r=1",
        "\"a\"r=1",
        "\"a\";R=1",
        "\"a\\x\";r=1",
        "\"é\";r=1",
        "\"a\";r=1234567890123456",
        "\"a\";r=1.2345",
        "\"a\";r=1.",
        "\"a\";r=-",
        "\"a\";r=",
        "\"a\";r=?2",
        "\"a\";r=:abc",
        "(\"a\"",
        "((\"a\"))",
        "(\"a\"\"b\")",
        "\"a\";r=1 \"b\";r=2",
        "}",
        ",",
      })
  void aFieldThatIsNotWellFormedIsNoField(String field) {
    assertThat(parse(Map.of("RateLimit", field)).limits()).isEmpty();
  }

  @Test
  void numbersThatMakeNoSenseAreNotTold() {
    assertThat(
            parse(
                    Map.of(
                        "RateLimit-Policy", "\"a\";q=0;w=60, \"b\";q=-5;w=-1, \"c\";q=1.5;w=\"x\"",
                        "RateLimit", "\"a\";r=-1;t=-1, \"b\";r=5;t=86401, \"c\";r=999999999999999"))
                .limits())
        .containsExactly(new ToldLimit("b", NONE, NONE, NONE, of(5), NONE));
  }

  @Test
  void revision07OfTheDraftIsReadToo() {
    assertThat(
            parse(
                    Map.of(
                        "RateLimit", "limit=100, remaining=50, reset=5",
                        "RateLimit-Policy", "10;w=1, 100;w=60"))
                .limits())
        .containsExactly(new ToldLimit("", of(100), of(60_000), NONE, of(50), of(5_000)));
    assertThat(parse(Map.of("RateLimit", "limit=\"x\", other")).limits()).isEmpty();
  }

  @Test
  void aTokenNamesNoPolicyAndIsNoMemberOfRevision07() {
    assertThat(
            parse(
                    Map.of(
                        "RateLimit", "default;r=50;t=30",
                        "RateLimit-Policy", "\"default\";q=100;w=60"))
                .limits())
        .containsExactly(new ToldLimit("default", of(100), of(60_000), NONE, NONE, NONE));
    assertThat(parse(Map.of("RateLimit", "limit, remaining;r=1")).limits()).isEmpty();
    // What the draft does not say leaves the older fields their word.
    assertThat(parse(Map.of("RateLimit", "default;r=50", "X-RateLimit-Limit", "7")).limits())
        .containsExactly(new ToldLimit("", of(7), NONE, NONE, NONE, NONE));
  }

  @Test
  void olderRevisionsOfTheDraftAreReadWithTheirWindow() {
    assertThat(
            parse(
                    Map.of(
                        "RateLimit-Limit", "100, 10;w=1, 100;w=60",
                        "RateLimit-Remaining", "50",
                        "RateLimit-Reset", "30"))
                .limits())
        .containsExactly(new ToldLimit("", of(100), of(60_000), NONE, of(50), of(30_000)));
    assertThat(
            parse(Map.of("RateLimit-Limit", "10", "RateLimit-Policy", "10;w=1, 50;w=60")).limits())
        .containsExactly(new ToldLimit("", of(10), of(1_000), NONE, NONE, NONE));
  }

  @ParameterizedTest
  @CsvSource({
    "seconds left, 30, 30000",
    "a fraction of them, 1.2341, 1235",
    "none left, 0, 0",
    "the most that is believed, 86400, 86400000",
    "epoch seconds, +30, 30000",
    "epoch seconds that are over, -30, 0",
    "epoch seconds with a fraction, +1.5, 1500",
    "epoch milliseconds, +250ms, 250",
    "RFC 3339, 2026-03-04T05:06:37Z, 30000",
    "HTTP, 'Wed, 04 Mar 2026 05:06:37 GMT', 30000",
  })
  void aResetIsReadInItsDialects(String dialect, String reset, long expectedMillis) {
    assertThat(resetMillis(dialect, reset)).hasValue(expectedMillis);
  }

  @ParameterizedTest
  @CsvSource({
    "seconds beyond what is believed, 86401",
    "negative, -1",
    "overflow, 99999999999999999999999",
    "microseconds, 1772600767000000",
    "no number, soon",
    "epoch seconds of last year, 1735689600",
    "epoch seconds of next year, 1798761600",
    "a date that there is none, 2026-13-04T05:06:37Z",
    "empty, ''",
  })
  void anAbsurdResetIsNone(String what, String reset) {
    assertThat(resetMillis(what, reset)).isEmpty();
  }

  private static OptionalLong resetMillis(String dialect, String reset) {
    String text = reset;
    if (reset.endsWith("ms")) {
      text = NOW.plusMillis(Long.parseLong(reset.replace("ms", ""))).toEpochMilli() + "";
    } else if (reset.startsWith("+") || (reset.startsWith("-") && !dialect.equals("negative"))) {
      text = new BigDecimal(NOW_SECONDS).add(new BigDecimal(reset)).toPlainString();
    }
    return parse(Map.of("X-RateLimit-Remaining", "5", "X-RateLimit-Reset", text))
        .limits()
        .get(0)
        .resetMillis();
  }

  @Test
  void gitHubTellsEpochSeconds() {
    assertThat(
            parse(
                    Map.of(
                        "x-ratelimit-limit", "5000",
                        "x-ratelimit-remaining", "4999",
                        "x-ratelimit-used", "1",
                        "x-ratelimit-reset", Long.toString(NOW_SECONDS + 3_600)))
                .limits())
        .containsExactly(new ToldLimit("", of(5_000), NONE, NONE, of(4_999), of(3_600_000)));
  }

  @Test
  void theResourceThatGitHubCountsUnderNamesTheLimit() {
    RateLimitAnswer answer =
        parse(Map.of("x-ratelimit-remaining", "29", "x-ratelimit-resource", "code_search"));

    assertThat(answer.resource()).hasValue("code_search");
    assertThat(answer.limits())
        .containsExactly(new ToldLimit("code_search", NONE, NONE, NONE, of(29), NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a,b", "\u00e4", "a\"b"})
  void aResourceThatIsNoNameIsNone(String resource) {
    RateLimitAnswer answer =
        parse(Map.of("X-RateLimit-Remaining", "29", "X-RateLimit-Resource", resource));

    assertThat(answer.resource()).isEmpty();
    assertThat(answer.limits()).extracting(ToldLimit::name).containsExactly("");
    assertThat(parse(Map.of("X-RateLimit-Resource", "a".repeat(65))).resource()).isEmpty();
  }

  @Test
  void twitterWritesItsNamesWithAnotherDash() {
    assertThat(
            parse(
                    Map.of(
                        "x-rate-limit-limit", "900",
                        "x-rate-limit-remaining", "0",
                        "x-rate-limit-reset", Long.toString(NOW_SECONDS + 60)))
                .limits())
        .containsExactly(new ToldLimit("", of(900), NONE, NONE, of(0), of(60_000)));
  }

  @Test
  void countsMayHaveFractionsAndAResetAfterIsBetterThanAReset() {
    assertThat(
            parse(
                    Map.of(
                        "X-RateLimit-Limit", "5",
                        "X-RateLimit-Remaining", "4.9",
                        "X-RateLimit-Reset", "1470173023.123",
                        "X-RateLimit-Reset-After", "1.25"))
                .limits())
        .containsExactly(new ToldLimit("", of(5), NONE, NONE, of(4), of(1_250)));
  }

  @Test
  void theDraftsFieldsAreTakenBeforeTheOthers() {
    assertThat(
            parse(
                    Map.of(
                        "RateLimit", "\"a\";r=1", "RateLimit-Limit", "2", "X-RateLimit-Limit", "3"))
                .limits())
        .extracting(ToldLimit::name)
        .containsExactly("a");
    assertThat(parse(Map.of("RateLimit-Limit", "2", "X-RateLimit-Limit", "3")).limits())
        .extracting(ToldLimit::quota)
        .containsExactly(of(2));
  }

  @Test
  void timesCountFromTheServersOwnClock() {
    Instant serverNow = NOW.plusSeconds(7_200);

    assertThat(
            parse(
                Map.of(
                    "Date", "Wed, 04 Mar 2026 07:06:07 GMT",
                    "X-RateLimit-Remaining", "1",
                    "X-RateLimit-Reset", Long.toString(serverNow.getEpochSecond() + 10),
                    "Retry-After", "Wed, 04 Mar 2026 07:06:27 GMT")))
        .isEqualTo(
            new RateLimitAnswer(
                200, List.of(new ToldLimit("", NONE, NONE, NONE, of(1), of(10_000))), of(20_000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-999999999", "+999999999", "10000", "-2026", "26"})
  void aDateOfAYearThatIsNotOfFourDigitsIsNotBelieved(String year) {
    String date = "Fri, 01 Jan " + year + " 00:00:00 GMT";

    assertThat(
            parse(Map.of("Date", date, "Retry-After", "Wednesday, 04-Mar-26 05:06:37 GMT"))
                .retryAfterMillis())
        .hasValue(30_000);
    assertThat(parse(Map.of("Retry-After", date)).retryAfterMillis()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "120, 120000",
    "0, 0",
    "1.5, 1500",
    "86400, 86400000",
    "'Wed, 04 Mar 2026 05:06:37 GMT', 30000",
    "'Wednesday, 04-Mar-26 05:06:37 GMT', 30000",
    "Wed Mar  4 05:06:37 2026, 30000",
    "'Wed, 04 Mar 2026 05:06:00 GMT', 0",
    "'Tue, 03 Mar 2026 05:06:07 GMT', 0",
    "'Wed, 04 Mar 2026 05:06:60 GMT', 53000",
    "'Wednesday, 04-Mar-26 05:06:60 GMT', 53000",
    "Wed Mar  4 05:06:60 2026, 53000",
  })
  void retryAfterIsReadInBothForms(String retryAfter, long expectedMillis) {
    assertThat(parse(Map.of("Retry-After", retryAfter)).retryAfterMillis())
        .hasValue(expectedMillis);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "soon",
        "",
        "Wed, 99 Mar 2026 05:06:37 GMT",
        "Wed Mar",
        "1e3",
        "86401",
        "99999999999999999999999999",
        "Wed, 04 Mar 2099 05:06:00 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Tue, 03 Mar 2026 05:06:06 GMT",
        "Sat, 31 Feb 2026 05:06:37 GMT",
        "Wed, 04 Mar 2026 05:06:61 GMT",
        "Wed, 04 Mar 2026 24:00:00 GMT",
      })
  void anAbsurdRetryAfterIsNone(String retryAfter) {
    assertThat(parse(Map.of("Retry-After", retryAfter)).retryAfterMillis()).isEmpty();
  }

  @Test
  void aYearOfTwoDigitsIsNotMoreThanFiftyYearsAhead() {
    assertThat(HttpDates.parse("Sunday, 06-Nov-94 08:49:37 GMT", NOW))
        .hasValue(Instant.parse("1994-11-06T08:49:37Z"));
    assertThat(HttpDates.parse("Saturday, 06-Nov-60 08:49:37 GMT", NOW))
        .hasValue(Instant.parse("2060-11-06T08:49:37Z"));
  }

  @Test
  void whatIsBelievedIsTheCallersToSay() {
    assertThat(
            RateLimitAnswer.parse(
                429,
                headers(Map.of("Retry-After", "61", "X-RateLimit-Reset", "61"))::get,
                NOW,
                Duration.ofMinutes(1)))
        .isEqualTo(new RateLimitAnswer(429, List.of(), OptionalLong.empty()));
  }

  @Test
  void anAnswerWithoutFieldsTellsNothing() {
    assertThat(parse(Map.of())).isEqualTo(new RateLimitAnswer(200, List.of(), NONE));
  }

  @Test
  void atMostSixteenLimitsAreTold() {
    StringBuilder field = new StringBuilder("\"p\";r=1");
    for (int i = 0; i < 40; i++) {
      field.append(", \"p").append(i).append("\";r=1");
    }
    assertThat(parse(Map.of("RateLimit", field.toString())).limits()).hasSize(16);
    assertThat(parse(Map.of("RateLimit", "\"a\";r=1;x=\"" + "y".repeat(20_000) + '"')).limits())
        .isEmpty();
  }

  @Test
  void someStatusesAreRefusals() {
    assertThat(answer(429, Map.of()).isRateRefusal()).isTrue();
    assertThat(answer(503, Map.of()).isRefusal()).isTrue();
    assertThat(answer(503, Map.of()).isRateRefusal()).isFalse();
    assertThat(answer(403, Map.of()).isRefusal()).isFalse();
    assertThat(answer(403, Map.of("X-RateLimit-Remaining", "1")).isRefusal()).isFalse();
    assertThat(answer(403, Map.of("X-RateLimit-Remaining", "0")).isRateRefusal()).isTrue();
    assertThat(answer(403, Map.of("Retry-After", "60")).isRateRefusal()).isTrue();
    assertThat(answer(200, Map.of("X-RateLimit-Remaining", "0")).isRefusal()).isFalse();
  }

  private static RateLimitAnswer parse(Map<String, String> fields) {
    return answer(200, fields);
  }

  private static RateLimitAnswer answer(int status, Map<String, String> fields) {
    return RateLimitAnswer.parse(status, headers(fields)::get, NOW);
  }

  /** Names in any case, as HTTP has it. */
  private interface Headers {
    List<String> get(String name);
  }

  private static Headers headers(Map<String, String> fields) {
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(fields);
    return name -> anyCase.containsKey(name) ? List.of(anyCase.get(name)) : List.of();
  }

  private static OptionalLong of(long number) {
    return OptionalLong.of(number);
  }

  @Test
  void howLongIsBelievedMayBeForEver() {
    assertThat(
            RateLimitAnswer.parse(
                    429,
                    name -> name.equals("Retry-After") ? List.of("9000000") : List.of(),
                    NOW,
                    Duration.ofSeconds(Long.MAX_VALUE))
                .retryAfterMillis())
        .hasValue(9_000_000_000L);
  }

  @Test
  void aFieldThatIsNullIsAbsent() {
    Map<String, List<String>> fields = Map.of("Retry-After", List.of("7"));

    RateLimitAnswer answer = RateLimitAnswer.parse(429, fields::get, NOW);

    assertThat(answer.limits()).isEmpty();
    assertThat(answer.retryAfterMillis()).hasValue(7_000);
  }
}
