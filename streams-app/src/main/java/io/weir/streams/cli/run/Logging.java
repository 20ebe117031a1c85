package io.weir.streams.cli.run;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.weir.streams.config.LogFormat;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the log of a process that runs for long what the settings say. What {@code
 * -Dlogback.configurationFile} names is left alone, and so is another backend than Logback.
 */
public final class Logging {
  private static final String OWN_CONFIGURATION = "logback.configurationFile";

  private Logging() {}

  /** Applies {@code log.format} and {@code log.level}, and lets Kafka's clients warn. */
  public static void apply(Settings settings) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (System.getProperty(OWN_CONFIGURATION) == null && factory instanceof LoggerContext context) {
      apply(settings, context);
    }
  }

  static void apply(Settings settings, LoggerContext context) {
    context
        .getLogger("io.weir")
        .setLevel(Level.toLevel(settings.get(WeirSettings.LOG_LEVEL).name()));
    // Commands that a person waits for are silent about what they say themselves.
    context.getLogger("org.apache.kafka").setLevel(Level.WARN);
    if (settings.get(WeirSettings.LOG_FORMAT) == LogFormat.JSON) {
      writeJson(context);
    }
  }

  private static void writeJson(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
  }
}
