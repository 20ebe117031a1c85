package io.weir.limiter.http.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailureLogTest {
  private static final Logger LOGGER = Logger.getLogger(RateLimitFilter.class.getName());

  private final List<LogRecord> logged = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          logged.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.addHandler(handler);
    LOGGER.setUseParentHandlers(false);
  }

  @AfterEach
  void listenNoMore() {
    LOGGER.removeHandler(handler);
    LOGGER.setUseParentHandlers(true);
  }

  @Test
  void failuresAreCountedAndOneOfAMinuteIsLogged() {
    FakeClock clock = new FakeClock(0);
    FailureLog log = new FailureLog("The limits of a request could not be checked", clock);
    IllegalStateException failure = new IllegalStateException("the limiter is closed");

    for (int i = 0; i < 3; i++) {
      log.add(failure, "the request went on");
    }
    clock.advance(Duration.ofMinutes(1));
    log.add(failure, "the request went on");

    assertThat(log.failures()).isEqualTo(4);
    assertThat(logged)
        .extracting(LogRecord::getMessage)
        .containsExactly(
            "The limits of a request could not be checked, and the request went on; 1 such failures"
                + " so far. Others of the next minute are only counted.",
            "The limits of a request could not be checked, and the request went on; 4 such failures"
                + " so far. Others of the next minute are only counted.");
    assertThat(logged).extracting(LogRecord::getThrown).containsOnly(failure);
  }
}
