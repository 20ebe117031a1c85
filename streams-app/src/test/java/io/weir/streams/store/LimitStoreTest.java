package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.algorithm.TokenBucketState;
import io.weir.limiter.rule.KeyText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LimitStoreTest {
  private static final Limit LIMIT = Limit.of(new TokenBucket(), 5, Duration.ofSeconds(1));

  enum Kind {
    ROCKS_DB,
    MEMORY,
    CACHED_ROCKS_DB,
    /** With room for hardly a row. */
    BARELY_CACHED_ROCKS_DB
  }

  @TempDir Path stateDir;
  private Optional<StoreHarness> harness = Optional.empty();

  private LimitStore open(Kind kind) {
    StoreHarness opened =
        switch (kind) {
          case ROCKS_DB -> StoreHarness.rocksDb(stateDir);
          case MEMORY -> StoreHarness.inMemory(stateDir);
          case CACHED_ROCKS_DB -> StoreHarness.cached(stateDir, 1_000_000);
          case BARELY_CACHED_ROCKS_DB -> StoreHarness.cached(stateDir, 200);
        };
    harness = Optional.of(opened);
    return opened.store();
  }

  @AfterEach
  void close() {
    harness.ifPresent(StoreHarness::close);
  }

  @ParameterizedTest
  @EnumSource
  void givesBackWhatWasPut(Kind kind) {
    LimitStore store = open(kind);
    assertThat(store.get(KeyText.of("api/user_id=1|user_id"))).isEmpty();
    store.put(KeyText.of("api/user_id=1|user_id"), row(1));
    store.put(KeyText.of("api/user_id=1|user_id"), row(2));
    assertThat(store.get(KeyText.of("api/user_id=1|user_id"))).contains(row(2));
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfAnIdentifierAreItsOwnAlone(Kind kind) {
    LimitStore store = open(kind);
    store.put(KeyText.of("api/user_id=1|user_id"), row(1));
    store.put(KeyText.of("api/user_id=1|user_id#hour"), row(2));
    store.put(KeyText.of("api/user_id=1%7C|user_id"), row(3));
    store.put(KeyText.of("api/user_id=10|user_id"), row(4));
    store.put(KeyText.of("api/user_id=|user_id"), row(5));
    assertThat(store.rowsOf(KeyText.of("api/user_id=1"), 10))
        .containsExactly(
            new LimitRow(KeyText.of("api/user_id=1|user_id"), row(1)),
            new LimitRow(KeyText.of("api/user_id=1|user_id#hour"), row(2)));
    assertThat(store.rowsOf(KeyText.of("api/user_id=1"), 1)).hasSize(1);
    assertThat(store.rowsOf(KeyText.of("api/user_id=2"), 10)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void deletesManyAtOnce(Kind kind) {
    LimitStore store = open(kind);
    store.put(KeyText.of("a|x"), row(1));
    store.put(KeyText.of("b|x"), row(2));
    store.put(KeyText.of("c|x"), row(3));
    store.deleteAll(List.of(KeyText.of("a|x"), KeyText.of("c|x"), KeyText.of("unknown|x")));
    assertThat(keysFrom(store, "")).containsExactly("b|x");
  }

  @ParameterizedTest
  @EnumSource
  void scanGoesOnFromWhereItStopped(Kind kind) {
    LimitStore store = open(kind);
    for (String key : List.of("d|x", "b|x", "ä|x", "a|x", "c|x")) {
      store.put(KeyText.of(key), row(1));
    }
    commit(store);
    List<String> visited = new ArrayList<>();
    Optional<KeyText> next =
        store.scan(
            KeyText.of(""),
            row -> {
              visited.add(row.stateKey());
              return visited.size() < 2;
            });
    assertThat(visited).containsExactly("a|x", "b|x");
    assertThat(next).contains(KeyText.of("c|x"));
    assertThat(keysFrom(store, next.orElseThrow().toString())).containsExactly("c|x", "d|x", "ä|x");
    store.deleteAll(List.of(KeyText.of("c|x")));
    assertThat(keysFrom(store, "c|x")).containsExactly("d|x", "ä|x");
  }

  @ParameterizedTest
  @EnumSource
  void damagedRowIsAnErrorThatNamesItWhereverItIsRead(Kind kind) {
    LimitStore store = open(kind);
    StoreTampering.putBytes(store, "api/user_id=1|user_id", new byte[] {99, 1, 2});
    String message = "row 'api/user_id=1|user_id' of store weir-limits cannot be read: ";
    assertThatThrownBy(() -> store.get(KeyText.of("api/user_id=1|user_id")))
        .isInstanceOf(UnreadableRowException.class)
        .hasMessageStartingWith(message)
        .hasMessageContaining("version 99");
    assertThatThrownBy(() -> store.rowsOf(KeyText.of("api/user_id=1"), 10))
        .isInstanceOf(UnreadableRowException.class);
    assertThatThrownBy(() -> store.scan(KeyText.of(""), row -> true))
        .isInstanceOf(UnreadableRowException.class);
  }

  @ParameterizedTest
  @EnumSource
  void answersQueriesOfOtherThreads(Kind kind) {
    LimitStore store = open(kind);
    store.put(KeyText.of("api/user_id=1|user_id"), row(1));
    StateStore queried = (StateStore) store;
    QueryResult<Optional<StoredLimit>> one =
        queried.query(
            new LimitRowQuery("api/user_id=1|user_id"),
            PositionBound.unbounded(),
            new QueryConfig(false));
    assertThat(one.getResult()).contains(row(1));
    QueryResult<List<LimitRow>> several =
        queried.query(
            new LimitRowsQuery("api/user_id=1", 10),
            PositionBound.unbounded(),
            new QueryConfig(false));
    assertThat(several.getResult())
        .containsExactly(new LimitRow(KeyText.of("api/user_id=1|user_id"), row(1)));
    assertThat(
            queried
                .query(
                    KeyQuery.withKey("api/user_id=1|user_id"),
                    PositionBound.unbounded(),
                    new QueryConfig(false))
                .isFailure())
        .isTrue();
  }

  private static List<String> keysFrom(LimitStore store, String from) {
    commit(store);
    List<String> keys = new ArrayList<>();
    assertThat(store.scan(KeyText.of(from), row -> keys.add(row.stateKey()))).isEmpty();
    return keys;
  }

  /** Scans see what is written. */
  private static void commit(LimitStore store) {
    if (store instanceof WriteBehindLimitStore cached) {
      cached.flushCache();
      cached.clearCache();
    }
  }

  private static StoredLimit row(long missing) {
    return new StoredLimit(LIMIT, new TokenBucketState(missing, 1_000));
  }
}
