package io.weir.limiter.http;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamedLimitTest {
  private static final DomainRules RULES =
      DomainRules.of(
              "api",
              key("user")
                  .limits(
                      RuleLimit.perDay(2).named("per-user"), RuleLimit.perDay(1).named("another"))
                  .with(key("route", "/a").limit(RuleLimit.perDay(9).named("route-a"))),
              key("user", "42").limit(RuleLimit.perDay(5).named("vip")),
              key("user", "7").limits(RuleLimit.perDay(3).named("per-user")),
              key("host", "*.example").limit(RuleLimit.perDay(4)),
              key("a").limit(RuleLimit.perDay(4).named("twice")),
              key("b").limit(RuleLimit.perDay(4).named("twice")))
          .withRevision(3);

  private static NamedLimit find(String name) {
    return NamedLimit.find(name, RULES, Algorithms.standard());
  }

  private static Decision check(NamedLimit limit, String value) {
    FakeClock clock = new FakeClock(1);
    RuleSet rules = RuleSet.of(limit.rules());
    try (RuleBasedRateLimiter limiter =
        new RuleBasedRateLimiter(
            () -> rules, InMemoryBackend.builder().clock(clock).build(), clock)) {
      return limiter.check(limit.request(List.of(value), 1));
    }
  }

  @Test
  void aLongValueIsMatchedWholeAndKeptShort() {
    Decision decision = check(find("api.host_*.example"), "h".repeat(200) + ".example");

    assertThat(decision.statuses())
        .singleElement()
        .satisfies(status -> assertThat(status.stateKey()).startsWith("api/host=sha256-"));
  }

  @Test
  void theLimitIsJudgedAloneByTheStateThatItHasAmongOthers() {
    NamedLimit limit = find("per-user");

    Decision decision = check(limit, "1");

    assertThat(limit.keys()).containsExactly("user");
    assertThat(decision.rulesRevision()).isEqualTo(3);
    assertThat(decision.statuses())
        .singleElement()
        .satisfies(status -> assertThat(status.stateKey()).isEqualTo("api/user=1|#per-user"));
  }

  @Test
  void whoHasARuleOfTheirOwnIsStillNotUnderTheCommonOne() {
    assertThat(check(find("per-user"), "42").statuses()).isEmpty();
    assertThat(check(find("per-user"), "7").statuses())
        .singleElement()
        .satisfies(status -> assertThat(status.limit().requests()).isEqualTo(3));
    assertThat(find("vip").keys()).isEmpty();
    assertThat(find("vip").request(List.of(), 2))
        .isEqualTo(new Request("api", Map.of("user", "42"), 2).withShortKeys());
  }

  @Test
  void whatTheRulesSayOfTheWayIsPartOfTheQuestion() {
    assertThat(find("route-a").keys()).containsExactly("user");
    assertThat(find("route-a").request(List.of("1"), 1).attributes())
        .isEqualTo(Map.of("user", "1", "route", "/a"));
    assertThat(find("api.host_*.example").keys()).containsExactly("host");
  }

  @Test
  void whatDoesNotFitIsToldWithWhatThereIs() {
    assertThatThrownBy(() -> find("per-usr"))
        .hasMessage(
            "there is no limit 'per-usr' in the domain api; there are [another, api.host_*.example,"
                + " per-user, route-a, twice, vip]; did you mean 'per-user'?");
    assertThatThrownBy(() -> find("twice"))
        .hasMessage("the limit 'twice' is in several places of the rules, by different attributes");
    assertThatThrownBy(() -> find("per-user").request(List.of(), 1))
        .hasMessage("0 values are given; it must be one for each of [user]");
  }
}
