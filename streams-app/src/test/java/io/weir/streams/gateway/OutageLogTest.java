package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weir.limiter.Decision;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.streams.topology.DecidedRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageLogTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(OutageLog.class);

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long nowNanos;
  private final OutageLog log = new OutageLog("The gateway", () -> nowNanos);

  @BeforeEach
  void listen() {
    lines.start();
    LOG.addAppender(lines);
  }

  @AfterEach
  void stop() {
    LOG.detachAppender(lines);
  }

  @Test
  void anOutageIsAWarningAndItsEndIsNone() {
    decide(true);
    nowNanos += Duration.ofSeconds(1).toNanos();
    decide(false);

    assertThat(lines.list)
        .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
        .containsExactly(
            tuple(Level.WARN, "The gateway decided without Redis: 1 since the last line; away"),
            tuple(
                Level.INFO,
                "The gateway decides with Redis again; without it 0 since the last line"));
  }

  private void decide(boolean degraded) {
    try (RateLimiter limiter = RateLimiter.inMemory(FakeGateway.RULES)) {
      Decision decision = limiter.check(Request.of("api", "user_id", "42"));
      log.decided(
          new DecidedRequest(
              "id", "api", degraded ? decision.asDegraded("away") : decision, false));
    }
  }
}
