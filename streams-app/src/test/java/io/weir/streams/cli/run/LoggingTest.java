package io.weir.streams.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

class LoggingTest {
  private static final String GRPC = "io.grpc.test";

  private final java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
  private final Handler[] before = root.getHandlers();
  private final Logger logger = (Logger) LoggerFactory.getLogger(GRPC);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @AfterEach
  void restore() {
    logger.detachAppender(lines);
    SLF4JBridgeHandler.uninstall();
    for (Handler handler : before) {
      root.addHandler(handler);
    }
  }

  @Test
  void theJarConfiguresTheLogOfNobodyWhoUsesItAsALibrary() {
    for (String found : List.of("logback.xml", "logback.groovy", "logback.scmo")) {
      assertThat(Logging.class.getClassLoader().getResource(found)).as(found).isNull();
    }
  }

  @Test
  void aProcessBeginsWithLinesForPeopleInPlaceOfWhatLogbackDoesByItself() {
    LoggerContext context = new LoggerContext();
    Logger all = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> usual = new ListAppender<>();
    usual.setContext(context);
    usual.start();
    all.addAppender(usual);

    Logging.begin(context);
    assertThat(all.getLevel()).isEqualTo(Level.WARN);
    assertThat(context.getLogger("io.weir").getLevel()).isEqualTo(Level.INFO);
    assertThat(context.getLogger("org.apache.kafka").getLevel()).isEqualTo(Level.ERROR);
    assertThat(all.iteratorForAppenders())
        .toIterable()
        .singleElement()
        .isInstanceOfSatisfying(
            ConsoleAppender.class,
            appender -> assertThat(appender.getTarget()).isEqualTo("System.err"));
    assertThat(usual.isStarted()).isFalse();
  }

  @Test
  void whatGrpcSaysByTheJdksLoggingComesInTheLogAtItsLevel() {
    lines.start();
    logger.addAppender(lines);

    Logging.takeLinesOfJdk();
    java.util.logging.Logger said = java.util.logging.Logger.getLogger(GRPC);
    said.info("Transport failed");
    said.severe("something broke");

    assertThat(lines.list)
        .extracting(line -> line.getLevel() + " " + line.getFormattedMessage())
        .containsExactly("ERROR something broke");
    assertThat(root.getHandlers()).singleElement().isInstanceOf(SLF4JBridgeHandler.class);
  }
}
