package io.weir.streams.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weir.streams.app.FailureClassifier;
import java.time.Duration;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.EventConstants;

class KafkaLinesTest {
  private static final String UNREACHABLE =
      "Connection to node {} ({}) could not be established. Node may not be available.";

  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger network = context.getLogger("org.apache.kafka.clients.NetworkClient");
  private final Logger streams = context.getLogger("org.apache.kafka.streams.KafkaStreams");
  private boolean silent;
  private long nanos;

  @BeforeEach
  void listen() {
    lines.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(lines);
    context.addTurboFilter(new KafkaLines(FailureClassifier.standard(), () -> silent, () -> nanos));
  }

  @Test
  void aBrokerThatIsAwayIsNamedOnceAMinuteWhicheverClientSaysSo() {
    warn("[Consumer a] " + UNREACHABLE, "-1", "a:9092");
    warn("[Consumer a] " + UNREACHABLE, "-1", "a:9092");
    warn("[Producer b] " + UNREACHABLE, "1", "a:9092");
    warn("[Producer b] " + UNREACHABLE, "2", "b:9092");
    assertThat(lines.list).hasSize(2);

    nanos = Duration.ofMinutes(1).toNanos();
    warn("[Producer b] " + UNREACHABLE, "1", "a:9092");
    assertThat(lines.list).hasSize(3);
  }

  @Test
  void linesThatKafkaHasFormattedItselfAreKnownToo() {
    warn("[Producer a] Bootstrap broker a:9092 (id: -1 rack: null isFenced: false) disconnected");
    warn("[Consumer b] Bootstrap broker a:9092 (id: -1 rack: null isFenced: false) disconnected");
    warn("[Consumer b] Bootstrap broker b:9092 (id: -2 rack: null isFenced: false) disconnected");

    assertThat(lines.list).hasSize(2);
  }

  @Test
  void standbyTasksWithoutAPlaceAreOneLineForARebalance() {
    for (int task = 0; task < 6; task++) {
      warn("Unable to assign {} of {} standby tasks for task [{}]. There is not", 1, 1, task);
    }

    assertThat(lines.list).hasSize(1);
  }

  @Test
  void whatIsNotTrueOfWeirIsLeftOut() {
    warn("Processing exception handler is not enabled for the GlobalThread. It's recommended");

    assertThat(lines.list).isEmpty();
  }

  @Test
  void whatIsNotKnownPasses() {
    warn("{} partitions have leader brokers without a matching listener", 3);
    warn("{} partitions have leader brokers without a matching listener", 3);
    context.getLogger("io.weir").error("a fault of ours", new RuntimeException());

    assertThat(lines.list).hasSize(3);
  }

  @Test
  void theTraceOfAnOutageIsLeftOutAndThatOfAFaultIsNot() {
    Exception outage = new StreamsException("task", new TimeoutException("down"));
    log(streams, Level.ERROR, "Replacing thread in the streams uncaught exception handler", outage);
    assertThat(lines.list).isEmpty();

    log(streams, Level.ERROR, "Replacing thread", new IllegalStateException("a fault"));
    log(network, Level.ERROR, "not of a stream thread", outage);
    assertThat(lines.list).hasSize(2);
  }

  @Test
  void whatNobodyElseTellsOfAnOutageStays() {
    Exception outage = new StreamsException("task", new TimeoutException("down"));
    log(streams, Level.ERROR, "Failed to close consumer due to the following error:", outage);

    assertThat(lines.list).hasSize(1);
  }

  @Test
  void theTraceOfAnOutageStaysWhereWeirDoesNotWarn() {
    context.getLogger("io.weir").setLevel(Level.ERROR);
    Exception outage = new StreamsException("task", new TimeoutException("down"));
    log(streams, Level.ERROR, "Replacing thread in the streams uncaught exception handler", outage);

    assertThat(lines.list).hasSize(1);
  }

  @Test
  void whileEverythingIsThrownAwayOnlyWeirSpeaks() {
    Logger httpServer = context.getLogger("org.eclipse.jetty.io.ManagedSelector");
    httpServer.warn("before");
    silent = true;
    httpServer.warn("select() failure");
    log(streams, Level.ERROR, "Unexpected state transition", new IllegalStateException());
    warn("anything");
    context.getLogger("io.weir").warn("ours");

    assertThat(lines.list).extracting(ILoggingEvent::getMessage).containsExactly("before", "ours");
  }

  private void warn(String format, Object... parameters) {
    network.log(
        null, KafkaLinesTest.class.getName(), EventConstants.WARN_INT, format, parameters, null);
  }

  private static void log(Logger logger, Level level, String message, Exception thrown) {
    logger.log(
        null,
        KafkaLinesTest.class.getName(),
        Level.toLocationAwareLoggerInteger(level),
        message,
        null,
        thrown);
  }
}
