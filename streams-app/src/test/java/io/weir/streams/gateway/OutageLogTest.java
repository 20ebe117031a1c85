package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weir.limiter.Decision;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.streams.topology.DecidedRequest;
import java.time.Duration;
import java.util.List;
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
  void itSaysOnceThatRedisIsAwayAndOnceThatItIsBack() {
    decide(false);
    decide(true);
    decide(true);
    assertThat(said())
        .containsExactly("The gateway decided without Redis: 1 since the last line; away");

    pass(Duration.ofSeconds(30));
    decide(true);
    assertThat(said())
        .hasSize(2)
        .last()
        .isEqualTo("The gateway decided without Redis: 2 since the last line; away");

    decide(false);
    assertThat(said()).as("it may be away again at once").hasSize(2);
    pass(Duration.ofSeconds(1));
    decide(false);
    decide(false);
    assertThat(said())
        .hasSize(3)
        .last()
        .asString()
        .startsWith("The gateway decides with Redis again");
  }

  @Test
  void whereItComesAndGoesThereIsALineInAWhile() {
    for (int i = 0; i < 100; i++) {
      decide(true);
      pass(Duration.ofMillis(100));
      decide(false);
      pass(Duration.ofMillis(500));
    }

    assertThat(said())
        .containsExactly(
            "The gateway decided without Redis: 1 since the last line; away",
            "The gateway decided without Redis: 50 since the last line; away");
  }

  @Test
  void anOutageSoonAfterAnotherIsToldOfOnceThereMayBeALine() {
    decide(true);
    pass(Duration.ofSeconds(1));
    decide(false);
    assertThat(said()).hasSize(2);

    pass(Duration.ofSeconds(5));
    decide(true);
    decide(true);
    pass(Duration.ofSeconds(2));
    decide(false);
    assertThat(said()).as("too soon").hasSize(2);
    pass(Duration.ofSeconds(22));
    decide(false);
    decide(false);
    assertThat(said())
        .hasSize(3)
        .last()
        .isEqualTo("The gateway decides with Redis again; without it 2 since the last line");
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  private void decide(boolean degraded) {
    try (RateLimiter limiter = RateLimiter.inMemory(FakeGateway.RULES)) {
      Decision decision = limiter.check(Request.of("api", "user_id", "42"));
      log.decided(
          new DecidedRequest(
              "id", "api", degraded ? decision.asDegraded("away") : decision, false));
    }
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
