package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AlarmTest extends OutboundKit {
  private final List<Long> delaysMillis = new ArrayList<>();
  private final List<Long> rangAtMillis = new ArrayList<>();
  private final AtomicBoolean fails = new AtomicBoolean();
  private final long startMillis = clock.millis();
  private final List<Alarm.Ring> rings = new ArrayList<>();
  private final Alarm alarm = new Alarm(this::schedule, this::ring);

  private void ring(Alarm.Ring ring) {
    rings.add(ring);
    rangAtMillis.add(clock.millis() - startMillis);
  }

  private OutboundTimer.Scheduled schedule(Runnable task, Duration delay) {
    if (fails.get()) {
      throw new IllegalStateException("no timer");
    }
    delaysMillis.add(delay.toMillis());
    return timer.schedule(task, delay);
  }

  @Test
  void ringsAtItsTime() {
    alarm.set(1_000, 1_300);

    timer.advance(299);
    assertThat(rangAtMillis).isEmpty();
    timer.advance(1);
    assertThat(rangAtMillis).containsExactly(300L);
  }

  @Test
  void aTimeThatIsOverIsAtOnce() {
    alarm.set(1_000, 999);

    assertThat(delaysMillis).containsExactly(0L);
  }

  @Test
  void isNotSetAgainToTheTimeThatItIsSetTo() {
    alarm.set(0, 300);
    alarm.set(100, 300);

    assertThat(delaysMillis).containsExactly(300L);
  }

  @Test
  void ringsOnlyAtTheTimeThatWasSetLast() {
    alarm.set(0, 300);
    alarm.set(0, 200);
    assertThat(timer.scheduled()).isEqualTo(1);

    timer.advance(1_000);
    assertThat(rangAtMillis).containsExactly(200L);
  }

  @Test
  void canBeSetToTheSameTimeAfterItRang() {
    alarm.set(0, 300);
    timer.advance(300);
    alarm.rang(rings.get(0));
    alarm.set(300, 300);

    assertThat(delaysMillis).containsExactly(300L, 0L);
  }

  @Test
  void whoSaysLateThatItRangLeavesAloneWhatWasSetMeanwhile() {
    alarm.set(0, 300);
    timer.advance(300);
    alarm.set(300, 500);
    alarm.rang(rings.get(0));
    alarm.set(300, 500);
    assertThat(timer.scheduled()).isEqualTo(1);

    alarm.clear();
    assertThat(timer.scheduled()).isZero();
  }

  @Test
  void doesNotRingWhenItIsCleared() {
    alarm.clear();
    alarm.set(0, 300);
    alarm.clear();
    assertThat(timer.scheduled()).isZero();

    alarm.set(0, 300);
    assertThat(delaysMillis).containsExactly(300L, 300L);
  }

  @Test
  void isNotSetWhereTheTimerFails() {
    fails.set(true);
    assertThatIllegalStateException().isThrownBy(() -> alarm.set(0, 300));

    fails.set(false);
    alarm.set(0, 300);
    assertThat(delaysMillis).containsExactly(300L);
  }

  @Test
  void aTimerThatCannotCancelKeepsNobodyFromSettingAnotherTime() {
    List<Duration> delays = new ArrayList<>();
    Alarm uncertain =
        new Alarm(
            (task, delay) -> {
              delays.add(delay);
              return () -> {
                throw new IllegalStateException("cannot cancel");
              };
            },
            ring -> {});

    uncertain.set(0, 300);
    uncertain.set(0, 200);
    assertThat(delays).containsExactly(Duration.ofMillis(300), Duration.ofMillis(200));
  }
}
