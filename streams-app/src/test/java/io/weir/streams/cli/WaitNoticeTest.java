package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitNoticeTest {
  private final AtomicInteger notices = new AtomicInteger();

  @Test
  void aLongWaitIsToldNowAndThenUntilItIsOver() {
    try (WaitNotice notice =
        new WaitNotice(Duration.ofMillis(1), Duration.ofMillis(1), notices::incrementAndGet)) {
      assertThat(notice).isNotNull();
      await().until(() -> notices.get() > 1);
    }
    await().until(WaitNoticeTest::isOver);
  }

  @Test
  void aShortWaitIsNotTold() {
    new WaitNotice(Duration.ofHours(1), Duration.ofHours(1), notices::incrementAndGet).close();

    await().until(WaitNoticeTest::isOver);
    assertThat(notices).hasValue(0);
  }

  private static boolean isOver() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("weir-wait-notice"));
  }
}
