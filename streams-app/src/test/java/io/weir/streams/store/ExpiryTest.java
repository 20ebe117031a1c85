package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.KeyText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {
  private static final Limit TEN_SECONDS = Limit.of(new FixedWindow(), 5, Duration.ofSeconds(10));

  private static final String MARK =
      new String(ExpiryCursor.BEFORE_ALL_ROWS.get(), StandardCharsets.UTF_8);

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
    store.put(KeyText.of("api/user_id=1|user_id"), windowAt(0));
    store.put(KeyText.of("api/user_id=2|user_id"), windowAt(10_000));
    Expiry expiry = expiry(100);
    assertThat(expiry.step(9_999)).isZero();
    assertThat(expiry.step(10_000)).isEqualTo(1);
    assertThat(store.get(KeyText.of("api/user_id=1|user_id"))).isEmpty();
    assertThat(store.get(KeyText.of("api/user_id=2|user_id"))).isPresent();
  }

  @Test
  void leavesATombstoneInTheChangelogForEachRow() {
    store.put(KeyText.of("api/user_id=1|user_id"), windowAt(0));
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
      store.put(KeyText.of("api/user_id=%02d|user_id".formatted(i)), windowAt(0));
    }
    Expiry expiry = expiry(10);
    assertThat(expiry.step(10_000)).isEqualTo(10);
    assertThat(store.get(KeyText.of("api/user_id=09|user_id"))).isEmpty();
    assertThat(store.get(KeyText.of("api/user_id=10|user_id"))).isPresent();
    assertThat(expiry.step(10_000)).isEqualTo(10);
    assertThat(expiry.step(10_000)).isEqualTo(5);
    assertThat(store.scan(KeyText.of(""), row -> true)).isEmpty();
  }

  @Test
  void stopsWhenItsTimeIsUp() {
    for (int i = 0; i < 500; i++) {
      store.put(KeyText.of("api/user_id=%03d|user_id".formatted(i)), windowAt(0));
    }
    Expiry expiry =
        new Expiry(
            store,
            new ExpirySettings(Duration.ofSeconds(1), 10_000, Duration.ofNanos(2)),
            ExpiryShares.onCallersThread(),
            nanos::getAndIncrement);
    // The clock is read at the start and then after each 32 rows.
    assertThat(expiry.step(10_000)).isEqualTo(64);
    assertThat(expiry.step(10_000)).isEqualTo(64);
  }

  @Test
  void waitsAfterAPassUntilARowCanBeIdle() {
    store.put(KeyText.of("api/user_id=1|user_id"), windowAt(0));
    store.put(KeyText.of("api/user_id=2|user_id"), windowAt(10_000));
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
    store.put(KeyText.of("api/user_id=1|user_id"), windowAt(50_000));
    Expiry expiry = expiry(100);
    assertThat(expiry.step(5_000)).isZero();
    store.put(KeyText.of("api/user_id=2|user_id"), windowAt(0));
    assertThat(expiry.step(10_000)).isEqualTo(1);
    assertStepsReadNothing(expiry, 10_000, 59_999);
  }

  @Test
  void rowThatWasWrittenBehindThePassUnderWayGoesInItsTime() {
    store.put(KeyText.of("api/user_id=2|user_id"), windowAt(50_000));
    store.put(KeyText.of("api/user_id=3|user_id"), windowAt(50_000));
    Expiry expiry = expiry(1);
    assertThat(expiry.step(5_000)).isZero();
    store.put(KeyText.of("api/user_id=1|user_id"), windowAt(0));
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
    store.put(KeyText.of("api/user_id=1|user_id"), windowAt(0));
    store.put(KeyText.of("api/user_id=2|user_id"), windowAt(0));
    Expiry expiry = expiry(1);
    assertThat(expiry.step(5_000)).isZero();
    assertThat(expiry.step(10_000)).as("the second row, by the later time").isEqualTo(1);
    assertThat(expiry.step(10_000)).as("the first row, in the next pass").isEqualTo(1);
  }

  @Test
  void nextOwnerGoesOnWhereTheLastOneWrote() {
    putRows(0, 25);
    Expiry first = expiry(10);
    assertThat(first.step(10_000)).isEqualTo(10);
    first.close();
    store.put(KeyText.of("api/user_id=00|user_id"), windowAt(0));
    Expiry next = expiry(10);
    assertThat(next.step(10_000)).isEqualTo(10);
    assertThat(next.step(10_000)).isEqualTo(5);
    assertThat(keys()).as("of the next pass, which begins at once").hasSize(1);
    assertThat(next.step(10_000)).isEqualTo(1);
    assertStepsReadNothing(next, 10_000, Long.MAX_VALUE - 1);
  }

  @Test
  void aPassThatIsThroughIsNotGoneOnWith() {
    putRows(0, 15);
    Expiry first = expiry(10);
    assertThat(first.step(10_000) + first.step(10_000)).isEqualTo(15);
    first.close();
    putRows(0, 10);
    assertThat(expiry(10).step(10_000)).isEqualTo(10);
  }

  @Test
  void whereItIsStandsInTheChangelogOnceAndOnlyForPassesThatGoOn() {
    putRows(0, 10);
    Expiry expiry = expiry(10);
    expiry.step(10_000);
    assertThat(harness.readChangelog())
        .as("of one scan")
        .allMatch(record -> record.key().startsWith("api/"));
    putRows(0, 21);
    harness.readChangelog();
    assertThat(expiry.step(10_000) + expiry.step(10_000) + expiry.step(10_000)).isEqualTo(21);
    assertThat(harness.readChangelog())
        .filteredOn(record -> record.key().startsWith(MARK))
        .extracting(TestRecord::getKey, record -> record.value() == null)
        .containsExactly(
            tuple(MARK + "api/user_id=10|user_id", false),
            tuple(MARK + "api/user_id=10|user_id", true),
            tuple(MARK, false));
  }

  @Test
  void whereItIsLooksLikeAnIdleRowToWhoKnowsNothingOfIt() {
    putRows(0, 11);
    harness.readChangelog();
    expiry(10).step(10_000);
    byte[] value =
        harness.readChangelog().stream()
            .filter(record -> record.key().startsWith(MARK))
            .findFirst()
            .orElseThrow()
            .value();
    assertThat(new StoredLimitCodec(Algorithms.standard()).decode(value).idleFromMillis())
        .isEqualTo(1);
  }

  @Test
  void deletesAsManyAsCameAlthoughItsTimeIsUpButNotForLongerThanAQuarterOfTheTime() {
    putRows(0, 600);
    Expiry expiry =
        new Expiry(
            store,
            new ExpirySettings(Duration.ofSeconds(1), 10_000, Duration.ofMillis(1)),
            ExpiryShares.onCallersThread(),
            () -> nanos.getAndAdd(1_000_000));
    assertThat(expiry.step(10_000)).isEqualTo(32);
    for (int i = 0; i < 33; i++) {
      assertThat(store.get(KeyText.of("api/user_id=new-%03d|user_id".formatted(i)))).isEmpty();
    }
    assertThat(expiry.step(10_000)).as("33 came").isEqualTo(64);
    assertThat(expiry.step(10_000)).as("none came").isEqualTo(32);
    for (int i = 0; i < 500; i++) {
      assertThat(store.get(KeyText.of("api/user_id=new-%03d|user_id".formatted(i)))).isEmpty();
    }
    assertThat(expiry.step(10_000)).as("500 came").isEqualTo(12 * 32);
  }

  @Test
  void storesThatDeleteAtTheSameTimeShareTheTime() {
    ExpiryShares shares = ExpiryShares.onCallersThread();
    putRows(0, 500);
    Expiry expiry =
        new Expiry(
            store,
            new ExpirySettings(Duration.ofSeconds(1), 10_000, Duration.ofNanos(6)),
            shares,
            nanos::getAndIncrement);
    assertThat(expiry.step(10_000)).isEqualTo(6 * 32);
    shares.take();
    assertThat(expiry.step(10_000)).isEqualTo(3 * 32);
    shares.giveBack();
    assertThat(expiry.step(10_000)).isEqualTo(6 * 32);
    assertThat(expiry.step(10_000)).isEqualTo(500 - 15 * 32);
    assertThat(shares.share(6)).as("it needs no share any more").isEqualTo(6);
  }

  @Test
  void rowThatWasWrittenSinceItWasFoundStays() {
    List<Runnable> asked = new ArrayList<>();
    putRows(0, 3);
    Expiry expiry =
        new Expiry(
            store, ExpirySettings.DEFAULT, new ExpiryShares(asked::add), nanos::getAndIncrement);
    assertThat(expiry.step(10_000)).isZero();
    asked.get(0).run();
    store.put(KeyText.of("api/user_id=01|user_id"), windowAt(10_000));
    assertThat(expiry.step(10_000)).isEqualTo(2);
    assertThat(keys()).containsExactly("api/user_id=01|user_id");
  }

  @Test
  void rowThatChangedInMemorySinceItWasFoundStays() {
    List<Runnable> asked = new ArrayList<>();
    try (StoreHarness cached = StoreHarness.cached(stateDir.resolve("cached"), 100_000)) {
      LimitStore rows = cached.store();
      rows.put(KeyText.of("api/user_id=1|user_id"), windowAt(0));
      rows.put(KeyText.of("api/user_id=2|user_id"), windowAt(0));
      ((WriteBehindLimitStore) rows).flushCache();
      ((WriteBehindLimitStore) rows).clearCache();
      Expiry expiry =
          new Expiry(
              rows, ExpirySettings.DEFAULT, new ExpiryShares(asked::add), nanos::getAndIncrement);
      expiry.step(10_000);
      asked.get(0).run();
      rows.put(KeyText.of("api/user_id=2|user_id"), windowAt(10_000));
      assertThat(expiry.step(10_000)).isEqualTo(1);
      assertThat(rows.get(KeyText.of("api/user_id=1|user_id"))).isEmpty();
      assertThat(rows.get(KeyText.of("api/user_id=2|user_id"))).contains(windowAt(10_000));
    }
  }

  @Test
  void rowThatIsTakenForWrittenByMistakeGoesInTheNextPass() {
    List<Runnable> asked = new ArrayList<>();
    KeyText written = KeyText.of("api/user_id=written|user_id");
    KeyText idle =
        IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> KeyText.of("api/user_id=" + i + "|user_id"))
            .filter(key -> isTakenForTheOther(key, written))
            .findFirst()
            .orElseThrow();
    store.put(written, windowAt(0));
    store.put(idle, windowAt(0));
    Expiry expiry =
        new Expiry(
            store, ExpirySettings.DEFAULT, new ExpiryShares(asked::add), nanos::getAndIncrement);
    expiry.step(10_000);
    store.put(written, windowAt(20_000));
    asked.get(0).run();
    assertThat(expiry.step(10_000)).isZero();
    expiry.step(10_000);
    asked.get(1).run();
    assertThat(expiry.step(10_000)).isEqualTo(1);
    assertThat(keys()).containsExactly(written.toString());
  }

  private boolean isTakenForTheOther(KeyText one, KeyText other) {
    return ((store.keyHash(one) ^ store.keyHash(other)) & (WrittenRows.BITS - 1)) == 0;
  }

  @Test
  void aPassTeachesTheStoreWhichRowsThereAre() {
    try (StoreHarness cached = StoreHarness.cached(stateDir.resolve("cached"), 100_000)) {
      WriteBehindLimitStore rows = withRowsOnDisk(cached, 25);
      Expiry expiry = expiry(rows, 10, Duration.ofMillis(1));
      expiry.step(10_000);
      expiry.step(10_000);
      assertThat(mayHave(rows, "api/user_id=99|user_id")).as("before its end").isTrue();
      expiry.step(10_000);
      assertThat(mayHave(rows, "api/user_id=99|user_id")).isFalse();
      for (int i = 0; i < 25; i++) {
        assertThat(mayHave(rows, "api/user_id=%02d|user_id".formatted(i))).isTrue();
      }
    }
  }

  @Test
  void aPassThatBeganInTheMiddleTeachesNothing() {
    try (StoreHarness cached = StoreHarness.cached(stateDir.resolve("cached"), 100_000)) {
      WriteBehindLimitStore rows = withRowsOnDisk(cached, 25);
      Expiry first = expiry(rows, 10, Duration.ofMillis(1));
      first.step(10_000);
      first.close();
      Expiry second = expiry(rows, 10, Duration.ofMillis(1));
      second.step(10_000);
      second.step(10_000);
      assertThat(mayHave(rows, "api/user_id=99|user_id")).as("at the end of the half").isTrue();
      assertThat(mayHave(rows, "api/user_id=00|user_id")).isTrue();
      second.step(10_000);
      second.step(10_000);
      second.step(10_000);
      assertThat(mayHave(rows, "api/user_id=99|user_id")).as("after a whole pass").isFalse();
      assertThat(mayHave(rows, "api/user_id=00|user_id")).isTrue();
    }
  }

  private static WriteBehindLimitStore withRowsOnDisk(StoreHarness cached, int count) {
    WriteBehindLimitStore rows = (WriteBehindLimitStore) cached.store();
    for (int i = 0; i < count; i++) {
      rows.put(KeyText.of("api/user_id=%02d|user_id".formatted(i)), windowAt(20_000));
    }
    rows.flushCache();
    rows.clearCache(); // Which writes them to RocksDB.
    return rows;
  }

  private static boolean mayHave(WriteBehindLimitStore rows, String stateKey) {
    return rows.below().known().mayContain(rows.keyHash(KeyText.of(stateKey)));
  }

  @Test
  void whatFailsInTheBackgroundFailsTheTask() {
    putRows(0, 3);
    StoreTampering.putBytes(store, "api/user_id=01|user_id", new byte[] {99, 0});
    Expiry expiry = expiry(10);
    assertThatThrownBy(() -> expiry.step(10_000)).isInstanceOf(UnreadableRowException.class);
    assertThat(store.get(KeyText.of("api/user_id=00|user_id"))).isPresent();
  }

  @Test
  void scanOfAStoreThatWasClosedMeanwhileHarmsNobody() {
    List<Runnable> asked = new ArrayList<>();
    ExpiryShares shares = new ExpiryShares(asked::add);
    try (StoreHarness other = StoreHarness.rocksDb(stateDir.resolve("other"))) {
      Expiry expiry =
          new Expiry(other.store(), ExpirySettings.DEFAULT, shares, nanos::getAndIncrement);
      expiry.step(10_000);
      expiry.step(10_000);
    }
    asked.get(0).run();
    assertThat(shares.share(6)).isEqualTo(6);
  }

  // RocksDB's iterators see one moment, and the task's thread goes on writing.
  @Test
  void noRowThatIsNotIdleGoesWhileAnotherThreadLooksThroughThem() {
    Random random = new Random(42);
    Map<String, StoredLimit> there = new HashMap<>();
    try (StoreHarness cached = StoreHarness.cached(stateDir.resolve("cached"), 100_000)) {
      LimitStore rows = cached.store();
      for (int i = 0; i < 20_000; i++) {
        rows.put(KeyText.of("api/user_id=%05d|user_id".formatted(i)), windowAt(0));
      }
      Expiry expiry =
          new Expiry(
              rows,
              new ExpirySettings(Duration.ofSeconds(1), 1_000, Duration.ofMillis(1)),
              ExpiryShares.inBackground(),
              System::nanoTime);
      await()
          .pollInSameThread()
          .pollInterval(Duration.ofMillis(1))
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                for (int i = 0; i < 20; i++) {
                  String key = "api/user_id=%05d|user_id".formatted(random.nextInt(20_000));
                  if (rows.get(KeyText.of(key)).isEmpty() || random.nextBoolean()) {
                    rows.put(KeyText.of(key), windowAt(20_000));
                    there.put(key, windowAt(20_000));
                  }
                }
                if (random.nextInt(10) == 0) {
                  ((WriteBehindLimitStore) rows).flushCache();
                  ((WriteBehindLimitStore) rows).clearCache();
                }
                expiry.step(10_000);
                return !expiry.isUnderWay();
              });
      there.forEach((key, row) -> assertThat(rows.get(KeyText.of(key))).as(key).contains(row));
      assertThat(there).isNotEmpty();
      expiry.close();
    }
  }

  private void putRows(int from, int to) {
    for (int i = from; i < to; i++) {
      store.put(KeyText.of("api/user_id=%02d|user_id".formatted(i)), windowAt(0));
    }
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    store.scan(KeyText.of(""), row -> keys.add(row.stateKey()));
    return keys;
  }

  private Expiry expiry(int maxRows) {
    return expiry(maxRows, Duration.ofDays(1));
  }

  private Expiry expiry(int maxRows, Duration maxTime) {
    return expiry(store, maxRows, maxTime);
  }

  private Expiry expiry(LimitStore rows, int maxRows, Duration maxTime) {
    return new Expiry(
        rows,
        new ExpirySettings(Duration.ofSeconds(1), maxRows, maxTime),
        ExpiryShares.onCallersThread(),
        nanos::getAndIncrement);
  }

  private static StoredLimit windowAt(long startMillis) {
    return new StoredLimit(TEN_SECONDS, new FixedWindowState(3, startMillis + 1));
  }
}
