package io.weir.limiter.http.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.LogLines;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class FailureLogTest {
  @Test
  void failuresAreCountedAndOneOfAMinuteIsLogged() {
    FakeClock clock = new FakeClock(0);
    FailureLog log = new FailureLog("The limits of a request could not be checked", clock);
    IllegalStateException failure = new IllegalStateException("the limiter is closed");

    try (LogLines logged = LogLines.of(RequestLimits.class)) {
      for (int i = 0; i < 3; i++) {
        log.add(failure, "the request went on");
      }
      clock.advance(Duration.ofMinutes(1));
      log.add(failure, "the request went on");

      assertThat(log.failures()).isEqualTo(4);
      assertThat(logged.messages())
          .containsExactly(
              "The limits of a request could not be checked, and the request went on; 1 such failures"
                  + " so far. Others of the next minute are only counted.",
              "The limits of a request could not be checked, and the request went on; 4 such failures"
                  + " so far. Others of the next minute are only counted.");
      assertThat(logged.records()).extracting(LogRecord::getThrown).containsOnly(failure);
    }
  }
}
