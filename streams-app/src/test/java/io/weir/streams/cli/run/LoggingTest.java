package io.weir.streams.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
