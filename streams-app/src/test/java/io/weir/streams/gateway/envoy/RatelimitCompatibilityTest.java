package io.weir.streams.gateway.envoy;

import static io.weir.streams.gateway.envoy.OpenDoor.descriptor;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;
import io.weir.limiter.tck.FakeClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The configurations of envoyproxy/ratelimit's documentation and tests, asked as its tests and
 * documentation ask, must be answered as they say: README.md ("Examples"),
 * test/integration/integration_test.go and test/redis/fixed_cache_impl_test.go at commit f2fb157 of
 * July 2026.
 */
class RatelimitCompatibilityTest {
  private final FakeClock clock = new FakeClock(OpenDoor.START);

  /** README, example 1. */
  @Test
  void valuesHaveLimitsOfTheirOwn() {
    String rules =
        """
        domain: mongo_cps
        descriptors:
          - key: database
            value: users
            rate_limit:
              unit: second
              requests_per_unit: 500
          - key: database
            value: default
            rate_limit:
              unit: second
              requests_per_unit: 500
        """;
    try (OpenDoor door = open(rules)) {
      assertThat(door.ask("mongo_cps", descriptor("database", "users")))
          .isEqualTo(one(status(Code.OK, 500, Unit.SECOND, 499, 1)));
      assertThat(door.ask("mongo_cps", descriptor("database", "default")))
          .isEqualTo(one(status(Code.OK, 500, Unit.SECOND, 499, 1)));
      assertThat(door.ask("mongo_cps", descriptor("database", "other"))).isEqualTo(one(noLimit()));
    }
  }

  /** README, example 2: one request with two descriptors, and the logical OR of both. */
  @Test
  void nestedDescriptorsAreLimitedBesideOthers() {
    String rules =
        """
        domain: messaging
        descriptors:
          - key: message_type
            value: marketing
            descriptors:
              - key: to_number
                rate_limit:
                  unit: day
                  requests_per_unit: 5
          - key: to_number
            rate_limit:
              unit: day
              requests_per_unit: 100
        """;
    RateLimitDescriptor marketing =
        descriptor("message_type", "marketing", "to_number", "2061111111");
    RateLimitDescriptor number = descriptor("to_number", "2061111111");
    try (OpenDoor door = open(rules)) {
      for (int i = 1; i <= 5; i++) {
        assertThat(door.ask("messaging", marketing, number))
            .isEqualTo(
                answer(
                    Code.OK,
                    status(Code.OK, 5, Unit.DAY, 5 - i, 86_388),
                    status(Code.OK, 100, Unit.DAY, 100 - i, 86_388)));
      }
      RateLimitResponse denied = door.ask("messaging", marketing, number);
      assertThat(denied.getOverallCode()).isEqualTo(Code.OVER_LIMIT);
      assertThat(denied.getStatuses(0)).isEqualTo(status(Code.OVER_LIMIT, 5, Unit.DAY, 0, 86_388));
      assertThat(denied.getStatuses(1).getCode()).isEqualTo(Code.OK);
      assertThat(door.ask("messaging", number).getOverallCode()).isEqualTo(Code.OK);
      // Another number has five messages of its own.
      assertThat(
              door.ask(
                  "messaging", descriptor("message_type", "marketing", "to_number", "2062222222")))
          .isEqualTo(one(status(Code.OK, 5, Unit.DAY, 4, 86_388)));
      // The first level is a placeholder: it has no limit.
      assertThat(door.ask("messaging", descriptor("message_type", "marketing")))
          .isEqualTo(one(noLimit()));
    }
  }

  /** README, example 3: the most specific match; 0 requests are a black list. */
  @Test
  void exactValueGoesBeforeTheKeyAlone() {
    String rules =
        """
        domain: edge_proxy_per_ip
        descriptors:
          - key: remote_address
            rate_limit:
              unit: second
              requests_per_unit: 10
          - key: remote_address
            value: 50.0.0.5
            rate_limit:
              unit: second
              requests_per_unit: 0
        """;
    try (OpenDoor door = open(rules)) {
      assertThat(door.ask("edge_proxy_per_ip", descriptor("remote_address", "50.0.0.1")))
          .isEqualTo(one(status(Code.OK, 10, Unit.SECOND, 9, 1)));
      assertThat(door.ask("edge_proxy_per_ip", descriptor("remote_address", "50.0.0.5")))
          .isEqualTo(one(status(Code.OVER_LIMIT, 0, Unit.SECOND, 0, 1)));
    }
  }

  /** README, example 4. */
  @Test
  void descriptorMatchesAtItsOwnDepthOnly() {
    String shallow =
        """
        domain: shallow
        descriptors:
          - key: key
            value: value
            rate_limit:
              requests_per_unit: 300
              unit: second
        """;
    String deep =
        """
        domain: deep
        descriptors:
          - key: key
            value: value
            descriptors:
              - key: subkey
                rate_limit:
                  requests_per_unit: 300
                  unit: second
        """;
    RateLimitDescriptor two = descriptor("key", "value", "subkey", "subvalue");
    try (OpenDoor door = open(shallow, deep)) {
      assertThat(door.ask("shallow", two)).isEqualTo(one(noLimit()));
      assertThat(door.ask("deep", two)).isEqualTo(one(status(Code.OK, 300, Unit.SECOND, 299, 1)));
    }
  }

  /** README, example 5. */
  @Test
  void unlimitedIsToldFromWhatIsNotThere() {
    String rules =
        """
        domain: internal
        descriptors:
          - key: ldap
            rate_limit:
              unlimited: true
          - key: azure
            rate_limit:
              unit: minute
              requests_per_unit: 100
        """;
    try (OpenDoor door = open(rules)) {
      RateLimitResponse answer =
          door.ask(
              "internal",
              descriptor("ldap", "x"),
              descriptor("azure", "x"),
              descriptor("other", "x"));
      assertThat(answer)
          .isEqualTo(
              answer(Code.OK, unlimited(), status(Code.OK, 100, Unit.MINUTE, 99, 48), noLimit()));
    }
  }

  /** README, example 6. */
  @Test
  void shadowIsNeverOverItsLimit() {
    String rules =
        """
        domain: example6
        descriptors:
          - key: service
            descriptors:
              - key: user
                value: user-a
                rate_limit:
                  requests_per_unit: 10
                  unit: second
                shadow_mode: true
              - key: user
                value: user-b
                rate_limit:
                  requests_per_unit: 20
                  unit: second
        """;
    RateLimitDescriptor shadow = descriptor("service", "auth-service", "user", "user-a");
    RateLimitDescriptor plain = descriptor("service", "auth-service", "user", "user-b");
    try (OpenDoor door = open(rules)) {
      for (int i = 1; i <= 12; i++) {
        assertThat(door.ask("example6", shadow))
            .isEqualTo(one(status(Code.OK, 10, Unit.SECOND, Math.max(0, 10 - i), 1)));
      }
      for (int i = 1; i <= 20; i++) {
        assertThat(door.ask("example6", plain).getOverallCode()).isEqualTo(Code.OK);
      }
      assertThat(door.ask("example6", plain))
          .isEqualTo(one(status(Code.OVER_LIMIT, 20, Unit.SECOND, 0, 1)));
    }
  }

  /**
   * README, example 7. What is left of a limit that is replaced is told as of an unlimited one, and
   * not as 0; Envoy reads neither where there is no current limit.
   */
  @Test
  void limitThatIsReplacedIsNotCharged() {
    String rules =
        """
        domain: example7
        descriptors:
          - key: key_1
            value: value_1
            descriptors:
              - key: user
                value: bkthomps
                rate_limit:
                  name: specific_limit
                  requests_per_unit: 5
                  unit: second
          - key: key_2
            value: value_2
            descriptors:
              - key: user
                value: bkthomps
                rate_limit:
                  replaces:
                    - name: specific_limit
                  requests_per_unit: 10
                  unit: second
        """;
    RateLimitDescriptor first = descriptor("key_1", "value_1", "user", "bkthomps");
    RateLimitDescriptor second = descriptor("key_2", "value_2", "user", "bkthomps");
    try (OpenDoor door = open(rules)) {
      assertThat(door.ask("example7", first, second))
          .isEqualTo(answer(Code.OK, unlimited(), status(Code.OK, 10, Unit.SECOND, 9, 1)));
      DescriptorStatus named = door.ask("example7", first).getStatuses(0);
      assertThat(named.getLimitRemaining()).isEqualTo(4);
      assertThat(named.getCurrentLimit().getName()).isEqualTo("specific_limit");
    }
  }

  /** README, example 9. */
  @Test
  void wildcardsMatch() {
    String rules =
        """
        domain: example9
        descriptors:
          - key: key1
            value: value*
            rate_limit:
              unit: minute
              requests_per_unit: 20
          - key: route
            value: /api/*/resource/*/action
            rate_limit:
              unit: minute
              requests_per_unit: 20
        """;
    try (OpenDoor door = open(rules)) {
      DescriptorStatus nineteen = status(Code.OK, 20, Unit.MINUTE, 19, 48);
      assertThat(door.ask("example9", descriptor("key1", "value1"))).isEqualTo(one(nineteen));
      assertThat(door.ask("example9", descriptor("key1", "valueXYZ"))).isEqualTo(one(nineteen));
      assertThat(door.ask("example9", descriptor("route", "/api/v1/resource/123/action")))
          .isEqualTo(one(nineteen));
      assertThat(door.ask("example9", descriptor("route", "/api/v1/other/123/action")))
          .isEqualTo(one(noLimit()));
    }
  }

  /** README, example 11, as TestShareThreshold of the integration tests drives it. */
  @Test
  void sharedThresholdIsOneBudgetForAllThatMatch() {
    String rules =
        """
        domain: share-threshold-test
        descriptors:
          - key: files
            value: files/*
            share_threshold: true
            rate_limit:
              unit: hour
              requests_per_unit: 10
          - key: files_no_share
            value: files_no_share/*
            rate_limit:
              unit: hour
              requests_per_unit: 10
        """;
    try (OpenDoor door = open(rules)) {
      for (int i = 1; i <= 10; i++) {
        String file = i % 2 == 0 ? "files/a.pdf" : "files/b.csv";
        assertThat(door.ask("share-threshold-test", descriptor("files", file)))
            .isEqualTo(one(status(Code.OK, 10, Unit.HOUR, 10 - i, 3588)));
        assertThat(
                door.ask("share-threshold-test", descriptor("files_no_share", "files_no_share/a")))
            .isEqualTo(one(status(Code.OK, 10, Unit.HOUR, 10 - i, 3588)));
      }
      assertThat(door.ask("share-threshold-test", descriptor("files", "files/c.txt")))
          .isEqualTo(one(status(Code.OVER_LIMIT, 10, Unit.HOUR, 0, 3588)));
      assertThat(door.ask("share-threshold-test", descriptor("files_no_share", "files_no_share/b")))
          .isEqualTo(one(status(Code.OK, 10, Unit.HOUR, 9, 3588)));
    }
  }

  /**
   * testBasicBaseConfig, with StopCacheKeyIncrementWhenOverlimit, which is what Weir always does.
   */
  @Test
  void basicConfigurationIsAnsweredAsByTheIntegrationTest() {
    String basic =
        """
        domain: basic
        descriptors:
          - key: key1
            rate_limit:
              unit: second
              requests_per_unit: 50
        """;
    String another =
        """
        domain: another
        descriptors:
          - key: key2
            rate_limit:
              unit: minute
              requests_per_unit: 20
          - key: key3
            rate_limit:
              unit: hour
              requests_per_unit: 10
          - key: key4
            rate_limit:
              unit: day
              requests_per_unit: 20
        """;
    try (OpenDoor door = open(basic, another)) {
      assertThat(door.ask("foo", descriptor("hello", "world"))).isEqualTo(one(noLimit()));
      assertThat(door.ask("basic", descriptor("key1", "foo")))
          .isEqualTo(one(status(Code.OK, 50, Unit.SECOND, 49, 1)));
      for (int i = 0; i < 25; i++) {
        Code code = i >= 20 ? Code.OVER_LIMIT : Code.OK;
        assertThat(door.ask("another", descriptor("key2", "random")))
            .isEqualTo(one(status(code, 20, Unit.MINUTE, Math.max(0, 19 - i), 48)));
      }
      for (int i = 0; i < 15; i++) {
        Code code = i >= 10 ? Code.OVER_LIMIT : Code.OK;
        assertThat(door.ask("another", descriptor("key2", "r2"), descriptor("key3", "r2")))
            .isEqualTo(
                answer(
                    code,
                    status(Code.OK, 20, Unit.MINUTE, Math.max(10, 19 - i), 48),
                    status(code, 10, Unit.HOUR, Math.max(0, 9 - i), 3588)));
      }
      long first = secondsUntilReset(door.ask("another", descriptor("key4", "durTest")));
      clock.set(OpenDoor.START + 2_000);
      assertThat(secondsUntilReset(door.ask("another", descriptor("key4", "durTest"))))
          .isEqualTo(first - 2);
    }
  }

  /** TestRedis of the unit tests: hits_addend of single descriptors, at its times. */
  @Test
  void hitsOfDescriptorsAreTheirOwn() {
    String rules =
        """
        domain: domain
        descriptors:
          - key: key3
            value: value3
            rate_limit:
              unit: hour
              requests_per_unit: 10
            descriptors:
              - key: subkey3
                value: subvalue3
                rate_limit:
                  unit: day
                  requests_per_unit: 10
        """;
    clock.set(1_000_000_000);
    try (OpenDoor door = open(rules)) {
      RateLimitDescriptor upper = descriptor("key3", "value3");
      RateLimitDescriptor lower = descriptor("key3", "value3", "subkey3", "subvalue3");
      assertThat(door.ask("domain", hits(upper, 0), hits(lower, 7)))
          .isEqualTo(
              answer(
                  Code.OK,
                  status(Code.OK, 10, Unit.HOUR, 10, 800),
                  status(Code.OK, 10, Unit.DAY, 3, 36_800)));
      assertThat(door.ask("domain", hits(upper, 10), hits(lower, 3)).getOverallCode())
          .isEqualTo(Code.OK);
      assertThat(door.ask("domain", hits(upper, 0), hits(lower, 1)))
          .isEqualTo(
              answer(
                  Code.OVER_LIMIT,
                  status(Code.OVER_LIMIT, 10, Unit.HOUR, 0, 800),
                  status(Code.OVER_LIMIT, 10, Unit.DAY, 0, 36_800)));
    }
  }

  private OpenDoor open(String... rules) {
    return OpenDoor.to(OpenDoor.limiter(clock, rules));
  }

  private static RateLimitDescriptor hits(RateLimitDescriptor descriptor, long hits) {
    return descriptor.toBuilder().setHitsAddend(UInt64Value.of(hits)).build();
  }

  private static long secondsUntilReset(RateLimitResponse answer) {
    return answer.getStatuses(0).getDurationUntilReset().getSeconds();
  }

  private static RateLimitResponse one(DescriptorStatus status) {
    return answer(status.getCode(), status);
  }

  private static RateLimitResponse answer(Code overall, DescriptorStatus... statuses) {
    return RateLimitResponse.newBuilder()
        .setOverallCode(overall)
        .addAllStatuses(List.of(statuses))
        .build();
  }

  private static DescriptorStatus noLimit() {
    return DescriptorStatus.newBuilder().setCode(Code.OK).build();
  }

  private static DescriptorStatus unlimited() {
    return noLimit().toBuilder().setLimitRemaining((int) 4_294_967_295L).build();
  }

  private static DescriptorStatus status(
      Code code, int requestsPerUnit, Unit unit, int remaining, long resetSeconds) {
    return DescriptorStatus.newBuilder()
        .setCode(code)
        .setCurrentLimit(RateLimit.newBuilder().setRequestsPerUnit(requestsPerUnit).setUnit(unit))
        .setLimitRemaining(remaining)
        .setDurationUntilReset(Duration.newBuilder().setSeconds(resetSeconds))
        .build();
  }
}
