package io.weir.streams.cli.run;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import io.weir.streams.app.FailureClassifier;
import io.weir.streams.config.LogFormat;
import io.weir.streams.config.LogLevel;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.gateway.OutageLog;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Makes the log of a process that runs for long what the settings say. What {@code
 * -Dlogback.configurationFile} names is left alone, and so is another backend than Logback.
 */
public final class Logging {
  private static final String OWN_CONFIGURATION = "logback.configurationFile";
  private static final String CONFIGURATION = "/io/weir/streams/cli/logback.xml";
  private static final String KAFKA = "org.apache.kafka";

  private Logging() {}

  /**
   * Has lines for people on standard error, unless somebody said otherwise. To be called where the
   * process begins. It is in no file that Logback finds by itself, as this jar is a library, too,
   * whose users log as they like.
   */
  public static void begin() {
    own().ifPresent(Logging::begin);
  }

  static void begin(LoggerContext context) {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    context.reset();
    try {
      configurator.doConfigure(
          Objects.requireNonNull(Logging.class.getResource(CONFIGURATION), CONFIGURATION));
    } catch (JoranException e) {
      throw new IllegalStateException(CONFIGURATION + " cannot be read", e);
    }
  }

  /**
   * Has what libraries say by the JDK's logging (gRPC's is one) come in the same log, in its form
   * and at its levels. To be called where the process begins, as it is about all of it.
   */
  public static void takeLinesOfJdk() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /**
   * Applies {@code log.format} and {@code log.level}, and lets Kafka's clients warn. At the level
   * {@code debug} they say everything that they have to say, again and again.
   */
  public static void apply(Settings settings) {
    own().ifPresent(context -> apply(settings, context));
  }

  static void apply(Settings settings, LoggerContext context) {
    LogLevel level = settings.get(WeirSettings.LOG_LEVEL);
    context.getLogger("io.weir").setLevel(Level.toLevel(level.name()));
    // Commands that a person waits for are silent about what they say themselves.
    context.getLogger(KAFKA).setLevel(Level.WARN);
    filter(context, level == LogLevel.DEBUG ? Optional.empty() : Optional.of(() -> false));
    if (settings.get(WeirSettings.LOG_FORMAT) == LogFormat.JSON) {
      writeJson(context);
    }
  }

  /** Says what a process that runs for long goes by: its settings, and what is odd about them. */
  public static void logStart(Settings settings, Logger log) {
    settings.warnings().forEach(log::warn);
    if (!settings.ignoredVariables().isEmpty()) {
      log.info(
          "Ignored, as they tell of services of Kubernetes or Docker: {}",
          String.join(", ", settings.ignoredVariables()));
    }
    log.info("Weir starts; settings that are not at their defaults: {}", settings.describe());
  }

  /** For a command whose output is what one looks at: the log tells only what goes wrong. */
  public static void applyQuietly() {
    own()
        .ifPresent(
            context -> {
              context.getLogger("io.weir").setLevel(Level.WARN);
              // Who is told that Redis went away is told that it is back.
              context.getLogger(OutageLog.class.getName()).setLevel(Level.INFO);
              context.getLogger(KAFKA).setLevel(Level.ERROR);
              filter(context, Optional.of(() -> false));
            });
  }

  /**
   * Leaves out what Kafka's clients and the HTTP server say while everything is thrown away,
   * because what fails then is no failure. Not at the level {@code debug}.
   */
  public static void silenceLibraries(BooleanSupplier when) {
    own()
        .filter(context -> context.getTurboFilterList().removeIf(KafkaLines.class::isInstance))
        .ifPresent(context -> filter(context, Optional.of(when)));
  }

  /** What Weir may change of the log; empty where it is somebody else's. */
  public static Optional<LoggerContext> own() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    return System.getProperty(OWN_CONFIGURATION) == null && factory instanceof LoggerContext context
        ? Optional.of(context)
        : Optional.empty();
  }

  private static void filter(LoggerContext context, Optional<BooleanSupplier> silent) {
    context.getTurboFilterList().removeIf(KafkaLines.class::isInstance);
    silent.ifPresent(
        when ->
            context.addTurboFilter(
                new KafkaLines(FailureClassifier.standard(), when, System::nanoTime)));
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
