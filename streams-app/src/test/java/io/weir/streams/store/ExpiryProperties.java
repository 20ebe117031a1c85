package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.KeyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Assertions;

/** Expiry beside a map that never forgets, while rows are written at any time. */
class ExpiryProperties {
  private static final Limit TEN_SECONDS = Limit.of(new FixedWindow(), 5, Duration.ofSeconds(10));
  private static final int KEYS = 12;

  /** What is done. */
  sealed interface Event {
    /** A row is written whose window begins so many windows after the horizon's. */
    record Put(int key, int windowsAhead) implements Event {}

    record Get(int key) implements Event {}

    record Reset(int key) implements Event {}

    record Commit() implements Event {}

    record TimePasses(int seconds) implements Event {}

    record Step() implements Event {}

    /** The partition has another owner, on the same rows: expiry goes on from where it was. */
    record NewOwner() implements Event {}

    /** What was asked for in the background is done. */
    record Scan() implements Event {}
  }

  @Property(tries = 300)
  void noRowGoesBeforeItIsIdleAndEachOneGoesOnceItIs(
      @ForAll("events") List<Event> events, @ForAll boolean isCached) throws IOException {
    Path stateDir = Files.createTempDirectory("expiry-properties");
    try (StoreHarness harness =
        isCached ? StoreHarness.cachedInMemory(stateDir, 1_000) : StoreHarness.inMemory(stateDir)) {
      World world = new World(harness.store());
      for (Event event : events) {
        world.happens(event);
        world.assertNoRowIsMissing();
      }
      world.assertAllGoOnceTheyAreIdle();
    } finally {
      Utils.delete(stateDir.toFile());
    }
  }

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<Integer> keys = Arbitraries.integers().between(0, KEYS - 1);
    Arbitrary<Event> put =
        Combinators.combine(keys, Arbitraries.integers().between(-1, 2)).as(Event.Put::new);
    return Arbitraries.<Event>frequencyOf(
            Tuple.of(8, put),
            Tuple.of(3, keys.map(Event.Get::new)),
            Tuple.of(1, keys.map(Event.Reset::new)),
            Tuple.of(3, Arbitraries.just(new Event.Commit())),
            Tuple.of(2, Arbitraries.integers().between(1, 15).map(Event.TimePasses::new)),
            Tuple.of(6, Arbitraries.just(new Event.Step())),
            Tuple.of(1, Arbitraries.just(new Event.NewOwner())),
            Tuple.of(4, Arbitraries.just(new Event.Scan())))
        .list()
        .ofMinSize(60)
        .ofMaxSize(200);
  }

  /** A store, its expiry, and what must be there. */
  private static final class World {
    private final LimitStore store;
    private final Queue<Runnable> asked = new ArrayDeque<>();
    private Expiry expiry;
    private final Map<String, StoredLimit> model = new HashMap<>();
    private long horizonMillis = 1_000_000;

    World(LimitStore store) {
      this.store = store;
      this.expiry = newExpiry();
    }

    /** Four rows are looked through at a time; the time is up after each 32 that are deleted. */
    private Expiry newExpiry() {
      return new Expiry(
          store,
          new ExpirySettings(Duration.ofSeconds(1), 4, Duration.ofNanos(1)),
          new ExpiryShares(asked::add),
          new CountingClock()::next);
    }

    void happens(Event event) {
      if (event instanceof Event.Put put) {
        StoredLimit row = window(horizonMillis + put.windowsAhead() * 10_000L);
        store.put(KeyText.of(key(put.key())), row);
        model.put(key(put.key()), row);
      } else if (event instanceof Event.Get get) {
        Optional<StoredLimit> row = store.get(KeyText.of(key(get.key())));
        row.ifPresent(found -> assertThat(found).isEqualTo(model.get(key(get.key()))));
        // What passes have seen must hide no row from the task's thread.
        assertThat(row).isEqualTo(((LimitQueries.Rows) store).row(KeyText.of(key(get.key()))));
      } else if (event instanceof Event.Reset reset) {
        store.deleteRowsOf(KeyText.of(identifier(reset.key())));
        model.remove(key(reset.key()));
      } else if (event instanceof Event.Commit) {
        commit();
      } else if (event instanceof Event.TimePasses time) {
        horizonMillis += time.seconds() * 1_000L;
      } else if (event instanceof Event.NewOwner) {
        expiry.close();
        expiry = newExpiry();
      } else if (event instanceof Event.Step) {
        expiry.step(horizonMillis);
      } else {
        scan();
      }
    }

    void assertNoRowIsMissing() {
      for (int i = 0; i < KEYS; i++) {
        String key = key(i);
        Optional<StoredLimit> expected = Optional.ofNullable(model.get(key));
        Optional<StoredLimit> found = ((LimitQueries.Rows) store).row(KeyText.of(key));
        if (found.isPresent()) {
          assertThat(found).as(key).isEqualTo(expected);
        } else {
          expected.ifPresent(
              row ->
                  assertThat(row.idleFromMillis())
                      .as("when %s was idle", key)
                      .isLessThanOrEqualTo(horizonMillis));
        }
      }
    }

    /** In what is left of the pass under way, and one pass more. */
    void assertAllGoOnceTheyAreIdle() {
      commit();
      horizonMillis += 60_000;
      int steps = 3 * (KEYS + 2);
      for (int i = 0; i < steps; i++) {
        expiry.step(horizonMillis);
        scan();
      }
      store.scan(
          KeyText.of(""),
          row -> {
            Assertions.fail(row.stateKey() + " is still there");
            return true;
          });
      assertThat(expiry.isUnderWay()).isFalse();
    }

    private void commit() {
      if (store instanceof WriteBehindLimitStore cached) {
        cached.flushCache();
      }
    }

    private void scan() {
      Runnable scan = asked.poll();
      if (scan != null) {
        scan.run();
      }
    }

    private static String identifier(int key) {
      return "api/user_id=%02d".formatted(key);
    }

    private static String key(int key) {
      return identifier(key) + "|#";
    }

    private static StoredLimit window(long atMillis) {
      return new StoredLimit(TEN_SECONDS, new FixedWindowState(3, atMillis));
    }
  }

  /** Goes on with each look at it. */
  private static final class CountingClock {
    private long nanos;

    long next() {
      return nanos++;
    }
  }
}
