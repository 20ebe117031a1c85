package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.InMemoryBackend;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharedStateWindowTest {
  private static final long QUICK_NANOS = Duration.ofMillis(5).toNanos();
  private static final long LONG_NANOS = Duration.ofMillis(26).toNanos();

  private static SharedState state(int maxWaiting) {
    return new SharedState(
        new OnceInMemory(InMemoryBackend.builder().build()),
        maxWaiting,
        Duration.ofMillis(50),
        decision -> {});
  }

  private static void rounds(SharedState state, int rounds, long nanos, boolean failed) {
    for (int round = 0; round < rounds; round++) {
      int answers = state.window();
      for (int i = 0; i < answers; i++) {
        state.began();
        state.ended(nanos, failed);
      }
    }
  }

  @Test
  void windowGrowsWhileAnswersAreQuickUpToHalfOfWhatMayWait() {
    SharedState state = state(300);
    assertThat(state.window()).isEqualTo(64);
    rounds(state, 1, QUICK_NANOS, false);
    assertThat(state.window()).isEqualTo(80);
    rounds(state, 100, QUICK_NANOS, false);
    assertThat(state.window()).isEqualTo(150);
    SharedState wide = state(10_000);
    rounds(wide, 100, QUICK_NANOS, false);
    assertThat(wide.window()).isEqualTo(1_024);
  }

  @Test
  void windowHalvesOnceForAllThatAreLateTogether() {
    SharedState state = state(10_000);
    rounds(state, 1, LONG_NANOS, false);
    assertThat(state.window()).isEqualTo(32);
    rounds(state, 1, QUICK_NANOS, true);
    assertThat(state.window()).isEqualTo(16);
    rounds(state, 5, LONG_NANOS, true);
    assertThat(state.window()).isEqualTo(16);
  }

  @Test
  void stateThatLetsOneWaitIsAskedForOne() {
    SharedState state = state(1);
    assertThat(state.isBusy()).isFalse();
    state.began();
    assertThat(state.isBusy()).isTrue();
    state.ended(LONG_NANOS, true);
    assertThat(state.window()).isEqualTo(1);
    assertThat(state.isBusy()).isFalse();
  }
}
