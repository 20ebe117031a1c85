package io.weir.streams.testkit;

import static io.weir.streams.testkit.RequestPart.cost;
import static io.weir.streams.testkit.RequestPart.user;

import io.weir.schemas.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

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
  void reads() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.request(user("42"), cost(3)).isAllowed().hasRemaining(2).hasReason(Reason.WITHIN_LIMIT);
      weir.after(Duration.ofSeconds(20))
          .request(user("42"), cost(3))
          .isDenied()
          .hasReason(Reason.OVER_LIMIT)
          .retriesAfter(Duration.ofSeconds(40));
      weir.request(user("43")).isAllowed().hasRemaining(4);
      weir.at(Duration.ofMinutes(1)).request(user("42"), cost(3)).isAllowed();
    }
  }
}
