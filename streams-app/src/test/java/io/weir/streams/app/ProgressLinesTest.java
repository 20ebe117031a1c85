package io.weir.streams.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private static final TopicPartition FIRST = new TopicPartition("changelog", 0);
  private static final TopicPartition SECOND = new TopicPartition("changelog", 1);

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private boolean stopping;
  private final List<String> lines = new ArrayList<>();
  private final RestoreProgress restore = new RestoreProgress(() -> now, lines::add);

  @Test
  void eachChangeOfTheStateIsOneLineThatAPersonUnderstands() {
    StateLog log = new StateLog("weir", () -> now, () -> stopping, lines::add);

    log.onChange(State.REBALANCING, State.CREATED);
    now = now.plusMillis(3_200);
    log.onChange(State.RUNNING, State.REBALANCING);
    log.onChange(State.REBALANCING, State.RUNNING);
    log.onChange(State.RUNNING, State.REBALANCING);
    log.onChange(State.PENDING_SHUTDOWN, State.RUNNING);
    now = now.plusMillis(850);
    log.onChange(State.NOT_RUNNING, State.PENDING_SHUTDOWN);

    assertThat(lines)
        .containsExactly(
            "Starting: loading the rules and joining the group weir",
            "Running: requests are judged (that took 3.2 s)",
            "Rebalancing: the group weir shares out its partitions anew; queries answer 503"
                + " meanwhile",
            "Running: requests are judged (that took 0 ms)",
            "Stopping: finishing what is under way and leaving the group",
            "Stopped (after 850 ms)");
  }

  @Test
  void anErrorIsSaidSo() {
    StateLog log = new StateLog("weir", () -> now, () -> stopping, lines::add);

    log.onChange(State.PENDING_ERROR, State.RUNNING);
    now = now.plusSeconds(12);
    log.onChange(State.ERROR, State.PENDING_ERROR);

    assertThat(lines)
        .containsExactly(
            "Stopping because of an error", "Stopped because of an error (after 12 s)");
  }

  @Test
  void aStartThatIsBrokenOffIsNoError() {
    StateLog log = new StateLog("weir", () -> now, () -> stopping, lines::add);
    stopping = true;

    log.onChange(State.PENDING_ERROR, State.REBALANCING);
    log.onChange(State.ERROR, State.PENDING_ERROR);

    assertThat(lines).containsExactly("Stopping", "Stopped (after 0 ms)");
  }

  @Test
  void restoringSaysHowFarItIsEveryFewSeconds() {
    restore.onRestoreStart(FIRST, "store", 0, 1_500);
    restore.onRestoreStart(SECOND, "store", 500, 1_000);
    restore.onBatchRestored(FIRST, "store", 499, 500);
    now = now.plusSeconds(5);
    restore.onBatchRestored(FIRST, "store", 999, 500);
    now = now.plusSeconds(1);
    restore.onBatchRestored(SECOND, "store", 599, 100);

    assertThat(lines)
        .containsExactly(
            "Restoring the state: 50 % (1,000 of 2,000 offsets, 0 of 2 partitions done)");
    assertThat(restore.underWay())
        .hasValue("55 % (1,100 of 2,000 offsets, 0 of 2 partitions done)");
  }

  @Test
  void aLongRestoringSaysWhenItIsDone() {
    restore.onRestoreStart(FIRST, "store", 0, 1_500);
    restore.onRestoreStart(SECOND, "store", 500, 1_000);
    now = now.plusSeconds(6);
    restore.onBatchRestored(FIRST, "store", 999, 1_000);
    restore.onRestoreEnd(FIRST, "store", 1_500);
    restore.onRestoreEnd(SECOND, "store", 500);

    assertThat(lines).last().isEqualTo("Restored the state: 2,000 offsets of 2 partitions in 6 s");
    assertThat(restore.underWay()).isEmpty();
  }

  @Test
  void aShortRestoringSaysNothing() {
    restore.onRestoreStart(FIRST, "store", 7, 7);
    assertThat(restore.underWay()).hasValue("100 % (0 of 0 offsets, 0 of 1 partitions done)");
    restore.onRestoreEnd(FIRST, "store", 0);

    assertThat(lines).isEmpty();
  }

  @Test
  void aPartitionThatLeavesIsNotWaitedFor() {
    restore.onRestoreStart(FIRST, "store", 0, 1_500);
    restore.onRestoreSuspended(FIRST, "store", 100);
    restore.onBatchRestored(FIRST, "store", 999, 500);

    assertThat(restore.underWay()).isEmpty();
  }

  @Test
  void eachRestoringIsCountedAnew() {
    restore.onRestoreStart(FIRST, "store", 0, 1_500);
    restore.onRestoreEnd(FIRST, "store", 1_500);
    restore.onRestoreStart(SECOND, "store", 0, 10);
    restore.onBatchRestored(SECOND, "store", 4, 5);

    assertThat(restore.underWay()).hasValue("50 % (5 of 10 offsets, 0 of 1 partitions done)");
  }
}
