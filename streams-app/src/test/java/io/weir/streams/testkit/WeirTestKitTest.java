package io.weir.streams.testkit;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.perMinute;
import static io.weir.streams.testkit.RequestPart.apiKey;
import static io.weir.streams.testkit.RequestPart.attribute;
import static io.weir.streams.testkit.RequestPart.cost;
import static io.weir.streams.testkit.RequestPart.domain;
import static io.weir.streams.testkit.RequestPart.endpoint;
import static io.weir.streams.testkit.RequestPart.ip;
import static io.weir.streams.testkit.RequestPart.method;
import static io.weir.streams.testkit.RequestPart.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesException;
import io.weir.schemas.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeirTestKitTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit:
            unit: minute
            requests_per_unit: 5
      """;

  @Test
  void judgesRequestsByTheRulesAtTheTimesThatAreSet() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.request(user("42"), cost(3)).isAllowed().hasRemaining(2).hasReason(Reason.WITHIN_LIMIT);
      weir.after(Duration.ofSeconds(20))
          .request(user("42"), cost(3))
          .isDenied()
          .hasReason(Reason.OVER_LIMIT)
          .retriesAfter(Duration.ofSeconds(40))
          .isBoundBy("api.user_id");
      weir.request(user("43")).isAllowed().hasRemaining(4).hasLimits(1);
      weir.at(Duration.ofMinutes(1)).request(user("42"), cost(3)).isAllowed();
      weir.at(Instant.parse("2026-02-01T00:00:00Z")).request(user("42"), cost(5)).isAllowed();
    }
  }

  @Test
  void readsARulesFile(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("rules.yaml"), RULES);
    try (WeirTestKit weir = WeirTestKit.given(file)) {
      weir.request(user("42")).isAllowed().hasRemaining(4);
    }
  }

  @Test
  void refusesRulesThatMakeNoSenseWithTheirLine() {
    assertThatThrownBy(() -> WeirTestKit.given(RULES.replace("minute", "fortnight")))
        .isInstanceOf(RulesException.class)
        .hasMessageStartingWith("rules.yaml:5:");
  }

  @Test
  void takesRulesInCodeForSeveralDomains() {
    DomainRules api = DomainRules.of("api", key("user_id").limit(perMinute(1)));
    DomainRules mail = DomainRules.of("mail", key("user_id").limit(perMinute(2)));
    try (WeirTestKit weir = WeirTestKit.given(api, mail)) {
      weir.request(user("42")).isAllowed().hasRemaining(0);
      weir.request(user("42"), domain("mail")).isAllowed().hasRemaining(1);
      weir.inDomain("mail").request(user("42")).isAllowed().hasRemaining(0);
      weir.request(user("42"), domain("api")).isDenied();
    }
  }

  @Test
  void rulesCanBeExchangedAndDeleted() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.request(user("42"), cost(5)).isAllowed();
      weir.apply(RULES.replace("5", "6")).request(user("42")).isAllowed().hasRemaining(0);
      weir.deleteRules("api").request(user("42")).isAllowed().hasReason(Reason.NO_RULE);
    }
  }

  @Test
  void everyPartOfARequestReachesTheRules() {
    String tree =
        """
        domain: api
        descriptors:
          - key: %s
            rate_limit: {unit: hour, requests_per_unit: 9}
        """;
    RequestPart[] parts = {
      user("v"), apiKey("v"), ip("v"), endpoint("v"), method("v"), attribute("plan", "v")
    };
    String[] keys = {"user_id", "api_key", "ip", "endpoint", "method", "plan"};
    for (int i = 0; i < keys.length; i++) {
      try (WeirTestKit weir = WeirTestKit.given(tree.formatted(keys[i]))) {
        Answer answer = weir.request(parts).isAllowed().hasRemaining(8);
        assertThat(answer.decision().getIdentifier()).isEqualTo("api/" + keys[i] + "=v");
      }
    }
  }

  @Test
  void peekTakesNothing() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.peek(user("42")).isAllowed().hasRemaining(5);
      weir.peek(user("42"), cost(7)).isAllowed();
      weir.request(user("42"), cost(0)).isAllowed().hasRemaining(5);
      weir.request(user("42"), cost(7)).isDenied().hasReason(Reason.NEVER_FITS).hasNoRetryTime();
    }
  }

  @Test
  void tokensComeBackToWhomTheyWereTakenFrom() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      Answer charged = weir.request(user("42"), cost(5)).isAllowed();
      weir.after(Duration.ofSeconds(1));
      weir.refund(charged, user("42"), cost(3))
          .isAllowed()
          .hasReason(Reason.REFUNDED)
          .hasRemaining(3);
      weir.refund(charged, user("42")).hasRemaining(4);
      weir.refund(charged, user("43")).hasRemaining(5);
      weir.refund(charged, user("42"), cost(0)).isDenied().hasReason(Reason.INVALID_REQUEST);
      weir.after(Duration.ofMinutes(1)).request(user("42"), cost(2)).hasRemaining(3);
      weir.refund(charged, user("42"), cost(2)).hasRemaining(3);
    }
  }

  @Test
  void whoIsResetStartsOver() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.request(user("42"), cost(5)).isAllowed();
      weir.request(user("43"), cost(4)).isAllowed();
      weir.reset(user("42")).isAllowed().hasReason(Reason.RESET).hasRemaining(5);
      weir.request(user("42")).isAllowed().hasRemaining(4);
      weir.request(user("43")).isAllowed().hasRemaining(0);
      weir.reset(attribute("plan", "free")).hasReason(Reason.NO_RULE);
    }
  }

  @Test
  void leakyBucketTellsTheDelay() {
    String leaky =
        RULES.replace(
            "requests_per_unit: 5", "requests_per_unit: 60\n      algorithm: leaky_bucket");
    try (WeirTestKit weir = WeirTestKit.given(leaky)) {
      weir.request(user("42"), cost(2)).isAllowed().delayedBy(Duration.ZERO);
      weir.request(user("42")).isAllowed().delayedBy(Duration.ofSeconds(2));
    }
  }

  @Test
  void failedAssertionShowsRequestAndDecision() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      Answer answer = weir.request(user("42"), cost(6));
      assertThatThrownBy(answer::isAllowed)
          .isInstanceOf(AssertionError.class)
          .hasMessage(
              """
              expected the verdict to be ALLOW, but it is DENY
                request   CHECK api {user_id=42}, cost 6, at 2026-01-01T00:00:00Z
                decision  DENY, NEVER_FITS
                limit     api.user_id: DENY by fixed_window 5 per 1 min, ENFORCED, 5 of 5 remaining,\
               full again at 2026-01-01T00:00:00Z""");
      assertThatThrownBy(() -> answer.retriesAfter(Duration.ofSeconds(1)))
          .hasMessageStartingWith("expected the retry time to be 1 s, but it is none");
      assertThatThrownBy(() -> weir.request(attribute("plan", "free")).hasRemaining(1))
          .hasMessageStartingWith("expected what remains to be 1, but it is none")
          .hasMessageContaining("decision  ALLOW, NO_RULE")
          .hasMessageEndingWith("none applied");
    }
  }
}
