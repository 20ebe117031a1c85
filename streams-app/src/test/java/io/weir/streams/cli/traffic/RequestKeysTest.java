package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestKeysTest {
  private static final RuleSet RULES =
      RuleSet.of(
          RulesReader.standard()
              .read(
                  "rules.yaml",
                  """
                  domain: api
                  descriptors:
                    - key: user_id
                      descriptors:
                        - {key: endpoint, rate_limit: {unit: minute, requests_per_unit: 4}}
                    - key: ip
                      rate_limit: {unit: hour, requests_per_unit: 3}
                  """));

  @ParameterizedTest
  @CsvSource({
    "CHECK, 42, /login, api/user_id=42",
    "REFUND, 42, /login, api/user_id=42",
    "PEEK, 42, /login, api/user_id=42",
    "RESET, 42, /login, api/user_id=42",
    // No limit applies to the user alone, but what is further down is the user's.
    "CHECK, 42, , api/ip=10.0.0.1",
    "REFUND, 42, , api/ip=10.0.0.1",
    "RESET, 42, , api/user_id=42",
    // Nobody is named by an empty value: the application refuses it.
    "RESET, '', , ",
    "CHECK, '', /login, ",
  })
  void theKeyIsTheFirstIdentifierThatTheOperationConcerns(
      Operation operation, String user, String endpoint, String key) {
    RequestEvent request =
        RequestEvent.newBuilder()
            .setRequestId("r")
            .setDomain("api")
            .setAttributes(
                endpoint == null
                    ? Map.of("user_id", user, "ip", "10.0.0.1")
                    : Map.of("user_id", user, "ip", "10.0.0.1", "endpoint", endpoint))
            .setOperation(operation)
            .build();

    assertThat(new RequestKeys(RULES).apply(request).orElse(null)).isEqualTo(key);
  }
}
