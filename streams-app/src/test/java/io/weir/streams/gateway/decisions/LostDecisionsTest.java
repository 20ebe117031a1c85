package io.weir.streams.gateway.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LostDecisionsTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(LostDecisions.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong();
  private final DecisionLogMetrics metrics =
      new DecisionLogMetrics(
          new SimpleMeterRegistry(), List.of(), new WritingWatch(System::nanoTime));
  private final LostDecisions lost = new LostDecisions("weir.decisions", metrics, nanos::get);

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
  void decisionsThatAreWrittenAreNoNews() {
    metrics.written();
    lost.report();
    lost.reportAll();

    assertThat(lines.list).isEmpty();
  }

  @Test
  void lossesAreToldAtOnceThenEachHalfMinuteWithHowManyItWere() {
    for (int second = 0; second < 65; second++) {
      metrics.lost(LossReason.FULL, 100);
      lost.report();
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }
    lost.reportAll();

    String which = " did not fit among those that wait (gateway.decisions.max.waiting)";
    assertThat(lines())
        .containsExactly(
            "WARN decisions of the gateway that are not on weir.decisions: 100, which" + which,
            "WARN decisions of the gateway that are not on weir.decisions: 3,000, which" + which,
            "WARN decisions of the gateway that are not on weir.decisions: 3,000, which" + which,
            "WARN decisions of the gateway that are not on weir.decisions: 400, which" + which);
  }

  @Test
  void eachKindOfTroubleIsToldWithItsCause() {
    lost.failed(new TimeoutException("the first"));
    lost.failed(new TimeoutException("expired at 100 %, or so"));
    metrics.lost(LossReason.CLOSED, 3);
    lost.delayed(new TimeoutException("no leader"));

    lost.report();

    assertThat(lines())
        .containsExactly(
            "WARN decisions of the gateway that are not on weir.decisions: 2, which could not be"
                + " delivered, the last: org.apache.kafka.common.errors.TimeoutException: expired at"
                + " 100 %, or so; decisions of the gateway that are not on weir.decisions: 3, which"
                + " waited when the gateway stopped; decisions of the gateway wait to be written to"
                + " weir.decisions: org.apache.kafka.common.errors.TimeoutException: no leader");
  }

  private List<String> lines() {
    return lines.list.stream()
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }
}
