package io.weir.limiter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.http.RateLimitFields.ResetForm;
import io.weir.limiter.http.RateLimitFields.Style;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class RateLimitAnswerProperties {
  private static final long NOW = 1_700_000_000_000L;
  private static final Instant NOW_INSTANT = Instant.ofEpochMilli(NOW);
  private static final List<String> NAMES =
      List.of(
          "Date",
          "Retry-After",
          "RateLimit",
          "RateLimit-Policy",
          "RateLimit-Limit",
          "RateLimit-Remaining",
          "RateLimit-Reset",
          "X-RateLimit-Limit",
          "X-RateLimit-Remaining",
          "X-RateLimit-Reset",
          "X-RateLimit-Reset-After",
          "X-Rate-Limit-Limit",
          "X-Rate-Limit-Reset");

  @Property
  void whatIsWrittenIsReadBack(
      @ForAll("styles") Style style,
      @ForAll ResetForm resetForm,
      @ForAll boolean denied,
      @ForAll @LongRange(min = 1, max = 1_000_000) long requests,
      @ForAll @LongRange(min = 1, max = 1_000_000) long burst,
      @ForAll @LongRange(min = 1, max = 86_400) long periodSeconds,
      @ForAll @LongRange(min = 0, max = 1_000_000) long remaining,
      @ForAll @LongRange(min = 0, max = 80_000_000) long resetsInMillis,
      @ForAll @LongRange(min = 1, max = 80_000_000) long retryInMillis) {
    Limit limit = new Limit(new TokenBucket(), requests, periodSeconds * 1_000, burst);
    Decision decision = decision(limit, remaining, resetsInMillis, denied, retryInMillis);
    Map<String, String> fields = RateLimitFields.of(decision).fields(style, resetForm, denied);

    RateLimitAnswer answer = parse(fields);

    boolean draft = style != Style.X_RATE_LIMIT;
    long lastsMillis = Math.min(up(resetsInMillis), denied ? up(retryInMillis) : Long.MAX_VALUE);
    assertThat(answer.limits()).hasSize(1);
    ToldLimit told = answer.limits().get(0);
    assertThat(told.quota()).hasValue(draft ? requests : burst);
    assertThat(told.windowMillis())
        .isEqualTo(draft ? OptionalLong.of(periodSeconds * 1_000) : OptionalLong.empty());
    assertThat(told.burst())
        .isEqualTo(draft && burst != requests ? OptionalLong.of(burst) : OptionalLong.empty());
    assertThat(told.remaining()).hasValue(remaining);
    assertThat(told.resetMillis())
        .isEqualTo(draft && lastsMillis == 0 ? OptionalLong.empty() : OptionalLong.of(lastsMillis));
    assertThat(answer.retryAfterMillis())
        .isEqualTo(denied ? OptionalLong.of(up(retryInMillis)) : OptionalLong.empty());
  }

  @Provide
  Arbitrary<Style> styles() {
    return Arbitraries.of(Style.IETF, Style.X_RATE_LIMIT, Style.BOTH);
  }

  @Property(tries = 5_000)
  void whateverTheFieldsHoldNothingAbsurdIsTold(
      @ForAll("headers") Map<String, List<String>> headers,
      @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long nowMillis,
      @ForAll @LongRange(min = 0, max = 100_000_000) long longestMillis) {
    RateLimitAnswer answer =
        RateLimitAnswer.parse(
            200,
            name -> headers.getOrDefault(name, List.of()),
            Instant.ofEpochMilli(nowMillis),
            Duration.ofMillis(longestMillis));

    assertThat(answer.limits()).hasSizeLessThanOrEqualTo(16);
    answer.retryAfterMillis().ifPresent(it -> assertThat(it).isBetween(0L, longestMillis));
    for (ToldLimit told : answer.limits()) {
      told.quota().ifPresent(it -> assertThat(it).isBetween(1L, 1_000_000_000_000L));
      told.burst().ifPresent(it -> assertThat(it).isBetween(1L, 1_000_000_000_000L));
      told.remaining().ifPresent(it -> assertThat(it).isBetween(0L, 1_000_000_000_000L));
      told.windowMillis().ifPresent(it -> assertThat(it).isBetween(1_000L, 31_622_400_000L));
      told.resetMillis().ifPresent(it -> assertThat(it).isBetween(0L, longestMillis));
    }
  }

  @Property
  void noDatesMakeItThrow(@ForAll("dates") String date, @ForAll("dates") String until) {
    RateLimitAnswer answer =
        parse(Map.of("Date", date, "Retry-After", until, "X-RateLimit-Reset", until));

    long longestMillis = RateLimitAnswer.DEFAULT_LONGEST.toMillis();
    answer.retryAfterMillis().ifPresent(it -> assertThat(it).isBetween(0L, longestMillis));
  }

  @Provide
  Arbitrary<String> dates() {
    Arbitrary<Integer> years =
        Arbitraries.of(-999_999_999, -1, 0, 94, 1994, 2023, 2026, 9999, 10_000, 999_999_999);
    Arbitrary<String> forms =
        Arbitraries.of(
            "Fri, 01 Jan %04d 00:00:00 GMT",
            "Friday, 01-Jan-%02d 00:00:60 GMT", "Fri Jan  1 00:00:00 %04d", "%d-01-01T00:00:00Z");
    return Combinators.combine(forms, years).as((form, year) -> form.formatted(year));
  }

  @Provide
  Arbitrary<Map<String, List<String>>> headers() {
    Arbitrary<String> digits =
        Arbitraries.longs().map(String::valueOf).edgeCases(it -> it.add("0", "-1", "1.5"));
    Arbitrary<String> structured =
        Arbitraries.strings()
            .withChars("\"\\;=,rtqw(: )?@%*-.0123456789abA\t\u00e9")
            .ofMaxLength(40);
    Arbitrary<String> likely =
        Arbitraries.longs().map(number -> "\"a\";r=" + number + ";t=" + number + ";q=" + number);
    Arbitrary<String> dates =
        Arbitraries.of(
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            ", ,");
    Arbitrary<String> values =
        Arbitraries.oneOf(digits, structured, likely, dates, Arbitraries.strings().ofMaxLength(60));
    return Arbitraries.maps(Arbitraries.of(NAMES), values.list().ofMaxSize(3)).ofMaxSize(8);
  }

  private static RateLimitAnswer parse(Map<String, String> fields) {
    return RateLimitAnswer.parse(
        200, name -> fields.containsKey(name) ? List.of(fields.get(name)) : List.of(), NOW_INSTANT);
  }

  private static Decision decision(
      Limit limit, long remaining, long resetsInMillis, boolean denied, long retryInMillis) {
    Verdict verdict = denied ? Verdict.DENY : Verdict.ALLOW;
    OptionalLong retryAfter = denied ? OptionalLong.of(retryInMillis) : OptionalLong.empty();
    return new Decision(
        verdict,
        denied ? Reason.OVER_LIMIT : Reason.WITHIN_LIMIT,
        Optional.empty(),
        Optional.of(KeyText.of("api/user_id=42")),
        List.of(
            new LimitStatus(
                KeyText.of("api/user_id=42|#"),
                "user",
                limit,
                LimitMode.ENFORCED,
                verdict,
                remaining,
                NOW + resetsInMillis,
                retryAfter,
                0)),
        retryAfter,
        0,
        7,
        NOW,
        NOW);
  }

  private static long up(long millis) {
    return (millis + 999) / 1_000 * 1_000;
  }
}
