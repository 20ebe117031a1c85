package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {
  private static final Limit TEN_SECONDS = Limit.of(new FixedWindow(), 5, Duration.ofSeconds(10));

  @TempDir Path stateDir;
  private StoreHarness harness;
  private LimitStore store;
  private final AtomicLong nanos = new AtomicLong();

  @BeforeEach
  void open() {
    harness = StoreHarness.rocksDb(stateDir);
    store = harness.store();
  }

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void forgetsARowAsSoonAsItDecidesNothingAndNotBefore() {
    store.put("api/user_id=1|user_id", windowAt(0));
    store.put("api/user_id=2|user_id", windowAt(10_000));
    Expiry expiry = expiry(100);
    assertThat(expiry.step(9_999)).isZero();
    assertThat(expiry.step(10_000)).isEqualTo(1);
    assertThat(store.get("api/user_id=1|user_id")).isEmpty();
    assertThat(store.get("api/user_id=2|user_id")).isPresent();
  }

  @Test
  void leavesATombstoneInTheChangelogForEachRow() {
    store.put("api/user_id=1|user_id", windowAt(0));
    harness.readChangelog();
    expiry(100).step(10_000);
    List<TestRecord<String, byte[]>> written = harness.readChangelog();
    assertThat(written).hasSize(1);
    assertThat(written.get(0).key()).isEqualTo("api/user_id=1|user_id");
    assertThat(written.get(0).value()).isNull();
  }

  @Test
  void visitsNoMoreRowsThanAllowedAndGoesOnFromThere() {
    for (int i = 0; i < 25; i++) {
      store.put("api/user_id=%02d|user_id".formatted(i), windowAt(0));
    }
    Expiry expiry = expiry(10);
    assertThat(expiry.step(10_000)).isEqualTo(10);
    assertThat(store.get("api/user_id=09|user_id")).isEmpty();
    assertThat(store.get("api/user_id=10|user_id")).isPresent();
    assertThat(expiry.step(10_000)).isEqualTo(10);
    assertThat(expiry.step(10_000)).isEqualTo(5);
    assertThat(store.scan("", row -> true)).isEmpty();
  }

  @Test
  void stopsWhenItsTimeIsUp() {
    for (int i = 0; i < 500; i++) {
      store.put("api/user_id=%03d|user_id".formatted(i), windowAt(0));
    }
    Expiry expiry =
        new Expiry(
            store,
            new ExpirySettings(Duration.ofSeconds(1), 10_000, Duration.ofNanos(2)),
            nanos::getAndIncrement);
    // The clock is read at the start and then after each 64 rows.
    assertThat(expiry.step(10_000)).isEqualTo(128);
  }

  @Test
  void waitsAfterAPassUntilARowCanBeIdle() {
    store.put("api/user_id=1|user_id", windowAt(0));
    store.put("api/user_id=2|user_id", windowAt(10_000));
    Expiry expiry = expiry(100);
    assertThat(expiry.step(5_000)).isZero();
    assertStepsReadNothing(expiry, 4_000, 5_000, 9_999);
    assertThat(expiry.step(10_000)).isEqualTo(1);
    assertStepsReadNothing(expiry, 10_000, 19_999);
    assertThat(expiry.step(20_000)).isEqualTo(1);
    assertStepsReadNothing(expiry, 20_000, Long.MAX_VALUE - 1);
  }

  @Test
  void rowThatWasWrittenAfterAPassGoesInItsTime() {
    store.put("api/user_id=1|user_id", windowAt(50_000));
    Expiry expiry = expiry(100);
    assertThat(expiry.step(5_000)).isZero();
    store.put("api/user_id=2|user_id", windowAt(0));
    assertThat(expiry.step(10_000)).isEqualTo(1);
    assertStepsReadNothing(expiry, 10_000, 59_999);
  }

  @Test
  void rowThatWasWrittenBehindThePassUnderWayGoesInItsTime() {
    store.put("api/user_id=2|user_id", windowAt(50_000));
    store.put("api/user_id=3|user_id", windowAt(50_000));
    Expiry expiry = expiry(1);
    assertThat(expiry.step(5_000)).isZero();
    store.put("api/user_id=1|user_id", windowAt(0));
    assertThat(expiry.step(10_000)).as("the rest of the first pass").isZero();
    assertThat(expiry.step(10_000)).isEqualTo(1);
  }

  private void assertStepsReadNothing(Expiry expiry, long... horizonsMillis) {
    long read = nanos.get();
    for (long horizonMillis : horizonsMillis) {
      assertThat(expiry.step(horizonMillis)).isZero();
    }
    assertThat(nanos.get()).as("steps that looked at rows").isEqualTo(read);
  }

  @Test
  void passThatBeganEarlierIsFollowedByAnother() {
    store.put("api/user_id=1|user_id", windowAt(0));
    store.put("api/user_id=2|user_id", windowAt(0));
    Expiry expiry = expiry(1);
    assertThat(expiry.step(5_000)).isZero();
    assertThat(expiry.step(10_000)).as("the second row, by the later time").isEqualTo(1);
    assertThat(expiry.step(10_000)).as("the first row, in the next pass").isEqualTo(1);
  }

  private Expiry expiry(int maxRows) {
    return new Expiry(
        store,
        new ExpirySettings(Duration.ofSeconds(1), maxRows, Duration.ofDays(1)),
        nanos::getAndIncrement);
  }

  private static StoredLimit windowAt(long startMillis) {
    return new StoredLimit(TEN_SECONDS, new FixedWindowState(3, startMillis + 1));
  }
}
