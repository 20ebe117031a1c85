package io.weir.streams.topology;

import static io.weir.streams.testkit.RequestPart.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.codec.CodecException;
import io.weir.limiter.rule.KeyText;
import io.weir.streams.store.ExpirySettings;
import io.weir.streams.store.StoreTampering;
import io.weir.streams.store.UnreadableRowException;
import io.weir.streams.testkit.WeirDriver;
import io.weir.streams.testkit.WeirTestKit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyExpiryTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: minute, requests_per_unit: 5}
      """;

  @Test
  void rowsGoOnceEventTimeHasPassedAndTrafficWentOn(@TempDir Path stateDir) {
    try (WeirTestKit weir = WeirTestKit.with(setup -> setup.rocksDb(stateDir)).given(RULES)) {
      for (int i = 0; i < 100; i++) {
        weir.request(user("user-" + i)).isAllowed();
      }
      weir.driver().changelog();
      // The windows end after a minute, and requests may come up to five minutes late.
      weir.at(Duration.ofMinutes(6).minusMillis(1)).request(user("other")).isAllowed();
      tick(weir);
      assertThat(identifiersWithRows(weir)).hasSize(101);
      weir.at(Duration.ofMinutes(6)).request(user("other")).isAllowed();
      weir.driver().changelog();
      tick(weir);
      assertThat(identifiersWithRows(weir)).containsExactly("api/user_id=other");
      List<TestRecord<String, byte[]>> tombstones = weir.driver().changelog();
      assertThat(tombstones).hasSize(100).allMatch(record -> record.value() == null);
      assertThat(weir.driver().meters().get("weir.rows.expired").counter().count()).isEqualTo(100);
    }
  }

  @Test
  void partitionWithoutTrafficExpiresNothing() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.request(user("42")).isAllowed();
      weir.driver().wallClock(WeirDriver.START.plus(Duration.ofDays(30)));
      assertThat(keys(weir)).hasSize(1);
      assertThat(weir.driver().meters().get("weir.rows.expired").counter().count()).isZero();
    }
  }

  @Test
  void noTimeIsKnownBeforeTheFirstRequest() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      tick(weir);
      weir.request(user("42")).isAllowed().hasRemaining(4);
    }
  }

  @Test
  void eachTickVisitsNoMoreRowsThanAllowed() {
    ExpirySettings small = new ExpirySettings(Duration.ofSeconds(1), 10, Duration.ofDays(1));
    try (WeirTestKit weir =
        WeirTestKit.with(setup -> setup.settings(settings -> settings.withExpiry(small)))
            .given(RULES)) {
      for (int i = 0; i < 25; i++) {
        weir.request(user("%02d".formatted(i))).isAllowed();
      }
      weir.driver().wallClock(WeirDriver.START.plus(Duration.ofHours(1)));
      weir.at(Duration.ofHours(1)).request(user("zz")).isAllowed();
      // The tick of the hour began a pass by the time of the first requests; it goes on first.
      List<Integer> left = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        tick(weir);
        left.add(keys(weir).size());
      }
      assertThat(left).containsExactly(16, 11, 1);
    }
  }

  @Test
  void stepsFollowEachOtherQuicklyWhileThereIsSomethingToDo() {
    ExpirySettings small = new ExpirySettings(Duration.ofSeconds(1), 10, Duration.ofMillis(4));
    try (WeirTestKit weir =
        WeirTestKit.with(setup -> setup.settings(settings -> settings.withExpiry(small)))
            .given(RULES)) {
      for (int i = 0; i < 25; i++) {
        weir.request(user("%02d".formatted(i))).isAllowed();
      }
      weir.driver().wallClock(WeirDriver.START.plus(Duration.ofHours(1)));
      for (int i = 0; i < 2; i++) {
        weir.driver().wallClock(weir.driver().wallClock().plus(small.stepInterval()));
      }
      weir.at(Duration.ofHours(1)).request(user("zz")).isAllowed();
      weir.driver().wallClock(weir.driver().wallClock().plus(small.stepInterval()));
      assertThat(keys(weir)).as("between two passes").hasSize(26);
      tick(weir);
      List<Integer> left = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        weir.driver().wallClock(weir.driver().wallClock().plus(small.stepInterval()));
        left.add(keys(weir).size());
      }
      assertThat(left).containsExactly(6, 1);
    }
  }

  @Test
  void tellsWhatExpiryDidAndHowLongItHeldUpRequests() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.request(user("1")).isAllowed();
      weir.at(Duration.ofHours(1)).request(user("2")).isAllowed();
      tick(weir);
      assertThat(weir.driver().meters().get("weir.rows.scanned").counter().count())
          .as("one before the second request, two after it")
          .isEqualTo(3);
      assertThat(weir.driver().meters().get("weir.rows.expired").counter().count()).isEqualTo(1);
      assertThat(weir.driver().meters().get("weir.expiry.step").timer().count()).isPositive();
    }
  }

  @Test
  void rowThatCannotBeReadFailsTheTaskAndIsNotForgotten() {
    try (WeirTestKit weir = WeirTestKit.given(RULES)) {
      weir.request(user("42")).isAllowed();
      StoreTampering.putBytes(weir.driver().store(), "api/user_id=42|#", new byte[] {99, 0});
      assertThatThrownBy(() -> weir.request(user("42")))
          .hasRootCauseInstanceOf(CodecException.class)
          .hasStackTraceContaining(UnreadableRowException.class.getName())
          .hasStackTraceContaining("row 'api/user_id=42|#' of store weir-limits cannot be read");
    }
  }

  /** Those of the 101 users that have rows, in RocksDB or in memory. */
  private static List<String> identifiersWithRows(WeirTestKit weir) {
    return Stream.concat(
            IntStream.range(0, 100).mapToObj(i -> "api/user_id=user-" + i),
            Stream.of("api/user_id=other"))
        .filter(identifier -> !weir.driver().store().rowsOf(KeyText.of(identifier), 1).isEmpty())
        .toList();
  }

  private static List<String> keys(WeirTestKit weir) {
    List<String> keys = new ArrayList<>();
    weir.driver().store().scan(KeyText.of(""), row -> keys.add(row.stateKey()));
    return keys;
  }

  /** Lets the wall clock go on by one expiry interval. */
  private static void tick(WeirTestKit weir) {
    Instant next = weir.driver().wallClock().plus(ExpirySettings.DEFAULT.interval());
    weir.driver().wallClock(next);
  }
}
