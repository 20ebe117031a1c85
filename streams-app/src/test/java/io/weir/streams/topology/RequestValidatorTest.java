package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DescriptorBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RequestValidatorTest {
  private static final Limit LIMIT = Limit.of(new FixedWindow(), 5, Duration.ofSeconds(1));

  private final RequestValidator validator = new RequestValidator(Duration.ofMinutes(5));

  @Test
  void acceptsWhatIsWithinTheBounds() {
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < RequestBounds.MAX_ATTRIBUTES; i++) {
      attributes.put("key" + i, "value");
    }
    assertThatCode(
            () -> {
              validator.validate(
                  event("r".repeat(512), "d".repeat(256), attributes, 0, Operation.PEEK),
                  OptionalLong.empty());
              validator.validate(
                  event("r", "d", Map.of(), Long.MAX_VALUE, Operation.CHECK), none());
            })
        .doesNotThrowAnyException();
  }

  @Test
  void refusesARequestIdThatIsEmptyOrTooLong() {
    assertInvalid(
        event("", "api", Map.of(), 1, Operation.CHECK),
        Problem.REQUEST_ID,
        "request_id is empty; give 1 to 512 characters");
    assertInvalid(
        event("r".repeat(513), "api", Map.of(), 1, Operation.CHECK),
        Problem.REQUEST_ID,
        "request_id has 513 characters; give 1 to 512");
  }

  @Test
  void refusesADomainThatIsEmptyOrTooLong() {
    assertInvalid(
        event("r", "", Map.of(), 1, Operation.CHECK),
        Problem.DOMAIN,
        "domain is empty; give 1 to 256 characters");
    assertInvalid(
        event("r", "d".repeat(257), Map.of(), 1, Operation.CHECK),
        Problem.DOMAIN,
        "domain has 257 characters; give 1 to 256");
  }

  @Test
  void refusesACostBelowZero() {
    assertInvalid(
        event("r", "api", Map.of(), -3, Operation.CHECK),
        Problem.COST,
        "cost is -3; it must be 0 or more");
  }

  @Test
  void refusesOperationsOfLaterVersions() {
    assertInvalid(
        event("r", "api", Map.of(), 1, Operation.UNKNOWN),
        Problem.OPERATION,
        "the operation is one that this version does not know; use CHECK, PEEK, REFUND or RESET");
  }

  @Test
  void refusesATimestampThatWasNotAccepted() {
    RequestEvent event = event("r", "api", Map.of(), 1, Operation.CHECK);
    assertThat(problem(() -> validator.validate(event, OptionalLong.of(-7))))
        .hasMessage("the record's timestamp is -7; it must be 0 or more");
    assertThat(problem(() -> validator.validate(event, OptionalLong.of(4_102_444_800_000L))))
        .hasMessage(
            "the record's timestamp is 4102444800000 (2100-01-01T00:00:00Z), more than 300000 ms"
                + " ahead of the clock; correct the sender's clock, or let the broker set"
                + " timestamps");
  }

  @Test
  void refusesTooManyOrTooLongAttributes() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i <= RequestBounds.MAX_ATTRIBUTES; i++) {
      many.put("key" + i, "value");
    }
    assertInvalid(
        event("r", "api", many, 1, Operation.CHECK),
        Problem.ATTRIBUTES,
        "there are 65 attributes; send at most 64");
    assertInvalid(
        event("r", "api", Map.of("key", "v".repeat(65_536)), 1, Operation.CHECK),
        Problem.ATTRIBUTES,
        "the attributes have 65539 characters; send at most 65536");
  }

  @Test
  void refusesAnIdentifierThatIsTooLong() {
    String longest = "api/user_id=" + "x".repeat(1_024 - 12);
    assertThatCode(() -> RequestValidator.validate(match(longest, 1))).doesNotThrowAnyException();
    assertThat(problem(() -> RequestValidator.validate(match(longest + "x", 1))))
        .hasMessageContaining("has 1025 bytes; it may have 1024");
  }

  @Test
  void refusesMoreLimitsThanADecisionCanCarry() {
    assertThatCode(() -> RequestValidator.validate(match("api/user_id=42", 64)))
        .doesNotThrowAnyException();
    assertThat(problem(() -> RequestValidator.validate(match("api/user_id=42", 65))))
        .hasMessage("65 limits apply; at most 64 may");
    String longPath = "x".repeat(3_000);
    List<ApplicableLimit> limits = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      limits.add(new ApplicableLimit(KeyText.of(longPath + i), "rule", LIMIT, LimitMode.ENFORCED));
    }
    Match match =
        new Match(
            List.of(new Match.IdentifierLimits(KeyText.of("api/user_id=42"), limits)), true, 0);
    assertThat(problem(() -> RequestValidator.validate(match)))
        .hasMessageContaining("characters; they may have 131072");
  }

  @Test
  void refusesRulesWhoseNamesADecisionCannotCarry() {
    String wildcard = "*".repeat(8_000);
    DescriptorBuilder rule = Descriptor.key("k0", wildcard).limit(RuleLimit.perMinute(1));
    Map<String, String> attributes = new HashMap<>(Map.of("k0", "v"));
    for (int i = 1; i < 20; i++) {
      rule = Descriptor.key("k" + i, wildcard).limit(RuleLimit.perMinute(1)).with(rule);
      attributes.put("k" + i, "v");
    }
    RuleSet rules = RuleSet.of(DomainRules.of("api", rule));

    assertThat(problem(() -> RequestValidator.validate(rules.match("api", attributes))))
        .hasMessageMatching(
            "the names of the rules that apply have 16\\d{5} characters; they may have 131072, so"
                + " give those that go by a long path a name");
    assertThat(RequestValidator.refusal(rules.match("api", Map.of("k19", "v")))).isEmpty();
  }

  private void assertInvalid(RequestEvent event, Problem problem, String message) {
    InvalidRecordException thrown = problem(() -> validator.validate(event, none()));
    assertThat(thrown).hasMessage(message);
    assertThat(thrown.problem()).isEqualTo(problem);
  }

  private static InvalidRecordException problem(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable validation) {
    return catchThrowableOfType(InvalidRecordException.class, validation);
  }

  private static OptionalLong none() {
    return OptionalLong.empty();
  }

  private static RequestEvent event(
      String requestId,
      String domain,
      Map<String, String> attributes,
      long cost,
      Operation operation) {
    return new RequestEvent(requestId, domain, attributes, cost, operation, null);
  }

  private static Match match(String identifier, int limits) {
    return new Match(List.of(limits(identifier, limits)), true, 0);
  }

  private static Match.IdentifierLimits limits(String identifier, int number) {
    List<ApplicableLimit> limits = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      limits.add(
          new ApplicableLimit(
              KeyText.of(identifier + "|path" + i), "rule" + i, LIMIT, LimitMode.ENFORCED));
    }
    return new Match.IdentifierLimits(KeyText.of(identifier), limits);
  }
}
