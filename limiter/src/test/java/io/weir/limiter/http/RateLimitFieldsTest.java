package io.weir.limiter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.http.RateLimitFields.ResetForm;
import io.weir.limiter.http.RateLimitFields.Style;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.tck.FakeClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RateLimitFieldsTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final Limit PER_MINUTE = Limit.of(new FixedWindow(), 100, Duration.ofMinutes(1));

  @Test
  void eachLimitIsAPolicyAndTheBindingOneIsFirst() {
    RateLimitFields fields =
        RateLimitFields.of(
            allowed(
                status("login", Limit.of(new FixedWindow(), 5, Duration.ofSeconds(1)), 0, 900),
                status("user", PER_MINUTE, 42, 35_000)));

    assertThat(fields.policy()).hasValue("\"login\";q=5;w=1, \"user\";q=100;w=60");
    assertThat(fields.rateLimit()).hasValue("\"login\";r=0;t=1, \"user\";r=42;t=35");
    assertThat(fields.retryAfterSeconds()).isEmpty();
  }

  @Test
  void aBucketSaysWhatItHolds() {
    Limit bucket = new Limit(new TokenBucket(), 10, 60_000, 20);

    assertThat(RateLimitFields.of(allowed(status("user", bucket, 19, 6_000))).policy())
        .hasValue("\"user\";q=10;w=60;weir-burst=20");
  }

  @Test
  void aPeriodThatIsNotWholeSecondsIsNotTold() {
    Limit limit = Limit.of(new FixedWindow(), 5, Duration.ofMillis(1_500));

    assertThat(RateLimitFields.of(allowed(status("user", limit, 5, 1))).policy())
        .hasValue("\"user\";q=5");
  }

  @Test
  void whatIsLeftOfAFullLimitLastsForNoTime() {
    assertThat(RateLimitFields.of(allowed(status("user", PER_MINUTE, 100, 0))).rateLimit())
        .hasValue("\"user\";r=100");
  }

  @Test
  void whoIsDeniedIsToldWhenToTryAgainAndNothingLaterThanThat() {
    RateLimitFields fields =
        RateLimitFields.of(
            denied(
                OptionalLong.of(6_001),
                status("user", PER_MINUTE, 0, 60_000),
                status("ip", PER_MINUTE, 7, 3_000)));

    assertThat(fields.rateLimit()).hasValue("\"user\";r=0;t=7, \"ip\";r=7;t=3");
    assertThat(fields.fields(true)).containsEntry("Retry-After", "7");
    assertThat(fields.fields(false))
        .containsOnlyKeys("RateLimit-Policy", "RateLimit")
        .containsEntry("RateLimit", "\"user\";r=0;t=7, \"ip\";r=7;t=3");
  }

  @Test
  void whereWaitingDoesNotHelpThereIsNoTimeToTryAgain() {
    RateLimitFields fields =
        RateLimitFields.of(denied(OptionalLong.empty(), status("user", PER_MINUTE, 7, 3_000)));

    assertThat(fields.retryAfterSeconds()).isEmpty();
    assertThat(fields.fields(true)).doesNotContainKey("Retry-After");
  }

  @Test
  void theBindingLimitIsToldInTheFieldsOfOthersWhereTheStyleIsSo() {
    Limit bucket = new Limit(new TokenBucket(), 10, 60_000, 20);
    RateLimitFields fields =
        RateLimitFields.of(
            allowed(status("user", bucket, 19, 5_001), status("ip", PER_MINUTE, 7, 3_000)));

    assertThat(fields.fields(Style.X_RATE_LIMIT, ResetForm.SECONDS_LEFT, false))
        .isEqualTo(
            Map.of(
                "X-RateLimit-Limit", "20",
                "X-RateLimit-Remaining", "19",
                "X-RateLimit-Reset", "6"));
    assertThat(fields.fields(Style.X_RATE_LIMIT, ResetForm.EPOCH_SECONDS, false))
        .containsEntry("X-RateLimit-Reset", "1700000006");
    assertThat(fields.fields(Style.BOTH, ResetForm.SECONDS_LEFT, false))
        .containsOnlyKeys(
            "RateLimit-Policy",
            "RateLimit",
            "X-RateLimit-Limit",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset");
    assertThat(fields.fields(Style.NONE, ResetForm.SECONDS_LEFT, true)).isEmpty();
  }

  @Test
  void aDenialSaysWhenToTryAgainWhateverTheStyleAndTheResetIsNotBehindThat() {
    Decision denied = denied(OptionalLong.of(6_001), status("user", PER_MINUTE, 0, 60_000));

    assertThat(RateLimitFields.fields(denied, Style.NONE, true))
        .isEqualTo(Map.of("Retry-After", "7"));
    assertThat(RateLimitFields.fields(denied, Style.X_RATE_LIMIT, true))
        .containsEntry("X-RateLimit-Reset", "7")
        .containsEntry("Retry-After", "7");
    assertThat(RateLimitFields.of(denied).fields(Style.X_RATE_LIMIT, ResetForm.EPOCH_SECONDS, true))
        .containsEntry("X-RateLimit-Reset", "1700000007");
  }

  @Test
  void aShadowIsNotTold() {
    LimitStatus shadow =
        new LimitStatus(
            KeyText.of("k"),
            "ip",
            PER_MINUTE,
            LimitMode.SHADOW,
            Verdict.DENY,
            0,
            NOW + 1,
            OptionalLong.of(1),
            0);

    assertThat(RateLimitFields.fields(allowed(shadow), Style.BOTH, true)).isEmpty();
    assertThat(RateLimitFields.of(allowed(shadow, status("user", PER_MINUTE, 1, 0))).policy())
        .hasValue("\"user\";q=100;w=60");
  }

  @Test
  void whatNoLimitAppliesToTellsNothing() {
    assertThat(RateLimitFields.of(allowed()).fields(true)).isEmpty();
  }

  @Test
  void whatIsSpecialInAStringIsEscaped() {
    assertThat(RateLimitFields.of(allowed(status("a\"b\\c é%\n", PER_MINUTE, 1, 0))).rateLimit())
        .hasValue("\"a\\\"b\\\\c %C3%A9%25%0A\";r=1");
  }

  @Test
  void numbersStayInTheRangeOfAnInteger() {
    Limit large = Limit.of(new FixedWindow(), Long.MAX_VALUE, Duration.ofSeconds(1));

    assertThat(RateLimitFields.of(allowed(status("u", large, Long.MAX_VALUE, 0))).fields(false))
        .containsEntry("RateLimit-Policy", "\"u\";q=999999999999999;w=1")
        .containsEntry("RateLimit", "\"u\";r=999999999999999");
  }

  @Test
  void aFieldIsBoundedAndBothNameTheSamePolicies() {
    LimitStatus[] many =
        IntStream.range(0, 64)
            .mapToObj(i -> status(i + "x".repeat(i == 0 ? 3_000 : 90), PER_MINUTE, 1, 1))
            .toArray(LimitStatus[]::new);
    RateLimitFields fields = RateLimitFields.of(allowed(many));

    assertThat(fields.policy().orElseThrow()).hasSizeBetween(1_900, 2_048).startsWith("\"1x");
    assertThat(parse(fields.policy().orElseThrow()).keySet())
        .isEqualTo(parse(fields.rateLimit().orElseThrow()).keySet());
  }

  @Test
  void aRealDecisionIsTold() {
    FakeClock clock = new FakeClock(NOW);
    RuleSet rules =
        RuleSet.of(
            RulesReader.standard()
                .read(
                    "test",
                    """
                    domain: api
                    descriptors:
                      - key: user_id
                        rate_limit: {name: user, unit: minute, requests_per_unit: 6,
                                     algorithm: token_bucket}
                    """));
    try (RuleBasedRateLimiter limiter =
        new RuleBasedRateLimiter(
            () -> rules, InMemoryBackend.builder().clock(clock).build(), clock)) {
      Request request = Request.of("api", "user_id", "42").withCost(6);

      assertThat(RateLimitFields.of(limiter.check(request)).fields(true))
          .isEqualTo(
              Map.of("RateLimit-Policy", "\"user\";q=6;w=60", "RateLimit", "\"user\";r=0;t=60"));
      assertThat(RateLimitFields.of(limiter.check(request.withCost(1))).fields(true))
          .containsEntry("RateLimit", "\"user\";r=0;t=10")
          .containsEntry("Retry-After", "10");
    }
  }

  @Property
  void whatIsWrittenIsReadBackByTheRulesOfStructuredFields(
      @ForAll @Size(max = 4) List<@StringLength(max = 20) String> names,
      @ForAll @LongRange(min = 0, max = 1_000_000) long remaining,
      @ForAll @LongRange(min = 0, max = 100_000_000) long resetsInMillis) {
    List<String> distinct = names.stream().map(RateLimitFieldsTest::wellFormed).distinct().toList();
    RateLimitFields fields =
        RateLimitFields.of(
            allowed(
                distinct.stream()
                    .map(name -> status(name, PER_MINUTE, remaining, resetsInMillis))
                    .toArray(LimitStatus[]::new)));

    assertThat(fields.policy().isPresent()).isEqualTo(!distinct.isEmpty());
    Map<String, Map<String, Long>> policies = parse(fields.policy().orElse(""));
    Map<String, Map<String, Long>> limits = parse(fields.rateLimit().orElse(""));
    assertThat(List.copyOf(policies.keySet())).isEqualTo(distinct);
    assertThat(List.copyOf(limits.keySet())).isEqualTo(distinct);
    assertThat(policies.values())
        .allSatisfy(policy -> assertThat(policy).isEqualTo(Map.of("q", 100L, "w", 60L)));
    assertThat(limits.values())
        .allSatisfy(
            limit -> {
              assertThat(limit).containsEntry("r", remaining);
              long seconds = limit.getOrDefault("t", 0L);
              assertThat(seconds * 1_000).isBetween(resetsInMillis, resetsInMillis + 999);
            });
  }

  /** Rules are read from UTF-8, so their names have no lone surrogates. */
  private static String wellFormed(String name) {
    return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static LimitStatus status(String rule, Limit limit, long remaining, long resetsInMillis) {
    return new LimitStatus(
        KeyText.of("api/user_id=42|#"),
        rule,
        limit,
        LimitMode.ENFORCED,
        Verdict.ALLOW,
        remaining,
        NOW + resetsInMillis,
        OptionalLong.empty(),
        0);
  }

  private static Decision allowed(LimitStatus... statuses) {
    return decision(Verdict.ALLOW, Reason.WITHIN_LIMIT, OptionalLong.empty(), statuses);
  }

  private static Decision denied(OptionalLong retryAfterMillis, LimitStatus... statuses) {
    return decision(Verdict.DENY, Reason.OVER_LIMIT, retryAfterMillis, statuses);
  }

  private static Decision decision(
      Verdict verdict, Reason reason, OptionalLong retryAfterMillis, LimitStatus... statuses) {
    return new Decision(
        verdict,
        reason,
        Optional.empty(),
        Optional.of(KeyText.of("api/user_id=42")),
        List.of(statuses),
        retryAfterMillis,
        0,
        7,
        NOW,
        NOW);
  }

  /** A List of Strings with parameters that are Integers, as RFC 9651, section 4.2 reads it. */
  private static Map<String, Map<String, Long>> parse(String field) {
    Map<String, Map<String, Long>> items = new LinkedHashMap<>();
    int at = 0;
    while (at < field.length()) {
      StringBuilder name = new StringBuilder();
      assertThat(field.charAt(at)).isEqualTo('"');
      for (at++; field.charAt(at) != '"'; at++) {
        assertThat(field.charAt(at)).isBetween(' ', '~');
        if (field.charAt(at) == '\\') {
          at++;
          assertThat(field.charAt(at)).isIn('"', '\\');
        }
        name.append(field.charAt(at));
      }
      at++;
      int end = field.indexOf(',', at) < 0 ? field.length() : field.indexOf(',', at);
      Map<String, Long> parameters = new LinkedHashMap<>();
      for (String parameter : field.substring(at, end).split(";", -1)) {
        if (!parameter.isEmpty()) {
          assertThat(parameter).matches("[a-z*][a-z0-9_.*-]*=\\d{1,15}");
          List<String> both = List.of(parameter.split("=", 2));
          parameters.put(both.get(0), Long.parseLong(both.get(1)));
        }
      }
      items.put(percentDecoded(name.toString()), parameters);
      at = end;
      if (at < field.length()) {
        assertThat(field).startsWith(field.substring(0, at) + ", ");
        at += 2;
      }
    }
    return items;
  }

  private static String percentDecoded(String text) {
    List<Byte> bytes = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.add((byte) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.add((byte) text.charAt(i));
      }
    }
    byte[] all = new byte[bytes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = bytes.get(i);
    }
    return new String(all, StandardCharsets.UTF_8);
  }
}
