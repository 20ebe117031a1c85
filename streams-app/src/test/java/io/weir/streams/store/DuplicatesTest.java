package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.HoldId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
  private static final Duration HORIZON = Duration.ofSeconds(10);
  private static final long NOW = 1_000_000;
  private static final Bytes REQUEST = name("r-1");
  private static final HoldId ID = new HoldId(3, 14);

  private final KeyValueStore<Bytes, byte[]> store = newStore();
  private final AtomicInteger forgotten = new AtomicInteger();

  @Test
  void aDecisionIsRememberedUntilTheHorizon() {
    Duplicates duplicates = duplicates(1_000_000);
    assertThat(duplicates.decision(REQUEST, NOW)).isEmpty();

    duplicates.decided(REQUEST, bytes("yes"), NOW);

    assertThat(duplicates.decision(REQUEST, NOW + HORIZON.toMillis() - 1))
        .hasValueSatisfying(decision -> assertThat(decision).isEqualTo(bytes("yes")));
    assertThat(duplicates.decision(REQUEST, NOW + HORIZON.toMillis())).isEmpty();
    assertThat(duplicates.decision(name("r-2"), NOW)).isEmpty();
  }

  @Test
  void whatIsPastTheHorizonLeavesTheStoreWithTheNextDecision() {
    Duplicates duplicates = duplicates(1_000_000);
    duplicates.decided(REQUEST, bytes("yes"), NOW);
    duplicates.decided(name("r-2"), bytes("no"), NOW + HORIZON.toMillis());
    assertThat(store.get(REQUEST)).isNull();
    assertThat(forgotten).as("before its time").hasValue(0);
  }

  @Test
  void theOldestAreForgottenWhereThereIsNoRoomForAll() {
    Duplicates duplicates = duplicates(1_000);
    for (int i = 0; i < 10; i++) {
      duplicates.decided(name("r-" + i), bytes("yes"), NOW + i);
    }
    assertThat(duplicates.decision(name("r-0"), NOW + 9)).isEmpty();
    assertThat(duplicates.decision(name("r-9"), NOW + 9)).isPresent();
    assertThat(forgotten.get()).isEqualTo(10 - store.approximateNumEntries()).isPositive();
  }

  @Test
  void thoseThatWaitAreNeverForgotten() {
    Duplicates duplicates = duplicates(1);
    duplicates.begin(REQUEST, ID, NOW);
    duplicates.addWaiting(REQUEST, new HoldId(3, 15), 17);
    duplicates.addWaiting(REQUEST, new HoldId(3, 16), 18);
    duplicates.addWaiting(REQUEST, new HoldId(3, 16), 18);
    duplicates.decided(name("r-2"), bytes("no"), NOW + HORIZON.toMillis());

    assertThat(duplicates.takeWaiting(REQUEST)).as("each once").containsExactly(17L, 18L);
    assertThat(duplicates.takeWaiting(REQUEST)).isEmpty();
    assertThat(duplicates.takeWaiting(name("r-2"))).isEmpty();
  }

  @Test
  void aRequestIsUndecidedUntilItIsDecidedOrForgottenOrLongAgo() {
    Duplicates duplicates = duplicates(1_000_000);
    duplicates.begin(REQUEST, ID, NOW);
    assertThat(duplicates.undecided(REQUEST, NOW)).hasValue(ID);
    assertThat(duplicates.decision(REQUEST, NOW)).isEmpty();
    assertThat(duplicates.undecided(REQUEST, NOW + HORIZON.toMillis())).isEmpty();

    duplicates.decided(REQUEST, bytes("yes"), NOW);
    assertThat(duplicates.undecided(REQUEST, NOW)).isEmpty();

    duplicates.forget(REQUEST);
    assertThat(duplicates.decision(REQUEST, NOW)).isEmpty();
  }

  @Test
  void undecidedRequestsCountAndTheOldestAreForgottenWhereThereIsNoRoom() {
    Duplicates duplicates = duplicates(1_000);
    for (int i = 0; i < 10; i++) {
      duplicates.begin(name("r-" + i), ID, NOW + i);
    }
    assertThat(duplicates.undecided(name("r-0"), NOW + 9)).isEmpty();
    assertThat(duplicates.undecided(name("r-9"), NOW + 9)).hasValue(ID);
    assertThat(forgotten.get()).isPositive();
  }

  @Test
  void aRequestThatComesAgainAfterTheHorizonIsOneOfItsOwn() {
    Duplicates duplicates = duplicates(1_000_000);
    duplicates.decided(REQUEST, bytes("yes"), NOW);
    long later = NOW + HORIZON.toMillis();
    duplicates.begin(REQUEST, ID, later);
    duplicates.decided(name("r-2"), bytes("no"), later);
    assertThat(duplicates.undecided(REQUEST, later)).as("not the earlier one's end").hasValue(ID);

    duplicates.decided(REQUEST, bytes("now no"), later + 1);
    duplicates.decided(name("r-3"), bytes("no"), later + HORIZON.toMillis());

    assertThat(duplicates.decision(REQUEST, later + HORIZON.toMillis()))
        .hasValueSatisfying(decision -> assertThat(decision).isEqualTo(bytes("now no")));
  }

  @Test
  void whatWasRestoredIsForgottenInTheSameOrder() {
    Duplicates before = duplicates(1_000_000);
    before.decided(name("a-newer"), bytes("1"), NOW + 5);
    before.begin(name("b-waiting"), ID, NOW + 6);
    before.decided(name("c-newest"), bytes("2"), NOW + 7);

    Duplicates restored = duplicates(1_000_000);
    restored.decided(name("d"), bytes("3"), NOW + 5 + HORIZON.toMillis());

    assertThat(store.get(name("a-newer"))).isNull();
    assertThat(store.get(name("c-newest"))).isNotNull();
    assertThat(restored.undecided(name("b-waiting"), NOW + 7)).hasValue(ID);
  }

  /** Against a map that forgets nothing by itself, with room for all. */
  @Property(tries = 200)
  void isAMapWithAHorizon(
      @ForAll @Size(max = 200) java.util.List<@IntRange(max = 20) Integer> requests,
      @ForAll @IntRange(min = 1, max = 3_000) int stepMillis) {
    Duplicates duplicates = new Duplicates(newStore(), bounds(1 << 30), () -> {});
    Map<Integer, Long> expected = new HashMap<>();
    long now = NOW;
    for (int request : requests) {
      now += stepMillis;
      Long at = expected.get(request);
      boolean isKnown = at != null && now - at < HORIZON.toMillis();
      Optional<byte[]> found = duplicates.decision(name("" + request), now);
      assertThat(found.isPresent()).isEqualTo(isKnown);
      if (!isKnown) {
        duplicates.decided(name("" + request), bytes("" + now), now);
        expected.put(request, now);
      } else {
        assertThat(found.orElseThrow()).isEqualTo(bytes("" + at));
      }
    }
  }

  @Test
  void boundsAreAboveZero() {
    assertThatThrownBy(() -> new DuplicateBounds(Duration.ZERO, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("decisions are remembered for PT0S in 1 bytes; both must be above 0");
    assertThatThrownBy(() -> new DuplicateBounds(HORIZON, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Duplicates duplicates(long maxBytes) {
    return new Duplicates(store, bounds(maxBytes), forgotten::incrementAndGet);
  }

  private static DuplicateBounds bounds(long maxBytes) {
    return new DuplicateBounds(HORIZON, maxBytes);
  }

  private static KeyValueStore<Bytes, byte[]> newStore() {
    KeyValueStore<Bytes, byte[]> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore("duplicates"), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    StateStore root = store;
    store.init(context.getStateStoreContext(), root);
    return store;
  }

  private static Bytes name(String text) {
    return Bytes.wrap(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
