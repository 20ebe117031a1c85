package com.example;

import static io.weir.streams.testkit.RequestPart.cost;
import static io.weir.streams.testkit.RequestPart.user;

import io.weir.streams.testkit.WeirTestKit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The kit to test rules with, on the real topology, as who writes rules uses it. */
class UseTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: minute, requests_per_unit: 5, algorithm: fixed_window}
      """;

  @Test
  void aUserWhoAsksTooMuchWaitsForTheNextMinute() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.request(user("42"), cost(3)).isAllowed().hasRemaining(2);
      weir.after(Duration.ofSeconds(20))
          .request(user("42"), cost(3))
          .isDenied()
          .retriesAfter(Duration.ofSeconds(40));
    }
  }
}
