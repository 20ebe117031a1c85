package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.rule.Match;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RequestTest {

  @Test
  void emptyDomainAndNegativeCostAreRefused() {
    assertThatThrownBy(() -> Request.of("", "user_id", "42"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the domain is empty; name the domain of the rules");
    assertThatThrownBy(() -> Request.of("api", "user_id", "42").withCost(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cost is -1; it must be 0 or more");
  }

  @Test
  void anyDelayCanBeTheLongestButANegativeOne() {
    Request request = Request.of("api", "user_id", "42");
    assertThat(request.maxDelayMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(request.withMaxDelay(Duration.ofNanos(1_999_999)).maxDelayMillis()).isEqualTo(1);
    assertThat(request.withMaxDelay(Duration.ofSeconds(Long.MAX_VALUE)).maxDelayMillis())
        .isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> request.withMaxDelay(Duration.ofMillis(-1)))
        .hasMessage("maxDelay is -1 ms; it must be 0 or more");
    assertThatThrownBy(() -> new Request("api", Map.of(), 1, false, -1))
        .hasMessage("maxDelayMillis is -1; it must be 0 or more");
    assertThatThrownBy(() -> new Match(List.of(), false, 0).withMaxDelay(-1))
        .hasMessage("maxDelayMillis is -1; it must be 0 or more");
  }

  @Test
  void laterChangesOfTheAttributesDoNotReachTheRequest() {
    Map<String, String> attributes = new HashMap<>(Map.of("user_id", "42"));
    Request request = Request.of("api", attributes);
    attributes.put("user_id", "7");
    assertThat(request.attributes()).containsEntry("user_id", "42");
  }

  @Test
  void peekCostsNothing() {
    assertThat(Request.of("api", "user_id", "42").peek().cost()).isZero();
  }

  @Test
  @SuppressWarnings("NullAway") // callers may not check
  void nothingOfARequestIsNull() {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("user_id", null);

    assertNull(() -> Request.of("api", attributes), "the attribute user_id is null; leave it out");
    assertNull(() -> Request.of("api", "ip", null), "the attribute ip is null; leave it out");
    assertNull(() -> Request.of("api", null, "42"), "the key of an attribute is null");
    assertNull(() -> Request.of(null, "ip", "::1"), "the domain is null");
    assertNull(() -> Request.of("api", null), "the attributes are null");
  }

  private static void assertNull(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(NullPointerException.class)
        .hasMessageStartingWith(message);
  }
}
