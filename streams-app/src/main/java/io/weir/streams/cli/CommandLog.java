package io.weir.streams.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.weir.streams.cli.dev.DevCommand;
import io.weir.streams.cli.gateway.GatewayCommand;
import io.weir.streams.cli.run.Logging;
import io.weir.streams.cli.run.RunCommand;
import io.weir.streams.serde.Outage;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Keeps the log from who waits for a command, which says itself in a sentence what matters: all but
 * that a registry is being waited for, which only its client knows. run, gateway and dev have a log
 * of their own. What {@code -Dlogback.configurationFile} names is left alone, and so is another
 * backend than Logback.
 *
 * @param verbose whether to let libraries warn all the same
 */
record CommandLog(BooleanSupplier verbose) implements IExecutionStrategy {

  @Override
  public int execute(ParseResult parsed) {
    Object command =
        parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1).getCommand();
    if (!(command instanceof RunCommand
        || command instanceof GatewayCommand
        || command instanceof DevCommand)) {
      Logging.own().ifPresent(loggers -> limit(loggers, verbose.getAsBoolean()));
    }
    return new RunLast().execute(parsed);
  }

  private static void warnOf(Logger outage) {
    LoggerContext loggers = outage.getLoggerContext();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(loggers);
    encoder.setPattern("warning: %msg%n");
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(loggers);
    appender.setName("warnings");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    outage.detachAndStopAllAppenders();
    outage.addAppender(appender);
    outage.setAdditive(false);
    outage.setLevel(Level.WARN);
  }

  static void limit(LoggerContext loggers, boolean verbose) {
    if (!verbose) {
      warnOf(loggers.getLogger(Outage.class));
    }
    for (String name : List.of(org.slf4j.Logger.ROOT_LOGGER_NAME, "io.weir", "org.apache.kafka")) {
      loggers.getLogger(name).setLevel(verbose ? Level.WARN : Level.OFF);
    }
  }
}
