package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Outage.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final FakeTicker ticker = new FakeTicker();
  private final Outage outage = new Outage(ticker);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  @Test
  void aRegistryThatAnswersIsNoNews() {
    outage.answered();
    outage.answered();

    assertThat(lines.list).isEmpty();
  }

  @Test
  void anOutageIsToldAtOnceThenEachHalfMinuteAndOnceWhenItIsOver() {
    for (int second = 0; second < 65; second++) {
      outage.failed("http://registry: cannot connect");
      ticker.passSeconds(1);
    }
    outage.answered();
    outage.answered();

    assertThat(lines.list)
        .extracting(line -> line.getLevel() + " " + line.getFormattedMessage())
        .containsExactly(
            "WARN schema registry unavailable: http://registry: cannot connect; trying again,"
                + " records wait",
            "WARN schema registry unavailable for 30 s: http://registry: cannot connect",
            "WARN schema registry unavailable for 60 s: http://registry: cannot connect",
            "INFO schema registry answers again after 65 s");
  }

  @Test
  void theNextOutageIsNewsAgain() {
    outage.failed("one");
    outage.answered();
    outage.failed("two");

    assertThat(lines.list).hasSize(3);
    assertThat(lines.list.get(2).getFormattedMessage()).contains("two");
  }
}
