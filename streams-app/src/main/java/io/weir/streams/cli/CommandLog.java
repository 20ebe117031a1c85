package io.weir.streams.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.weir.streams.cli.dev.DevCommand;
import io.weir.streams.cli.run.Logging;
import io.weir.streams.cli.run.RunCommand;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Keeps the log from who waits for a command, which says itself in a sentence what matters; run and
 * dev have a log of their own. What {@code -Dlogback.configurationFile} names is left alone, and so
 * is another backend than Logback.
 *
 * @param verbose whether to let libraries warn all the same
 */
record CommandLog(BooleanSupplier verbose) implements IExecutionStrategy {

  @Override
  public int execute(ParseResult parsed) {
    Object command =
        parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1).getCommand();
    if (!(command instanceof RunCommand || command instanceof DevCommand)) {
      Logging.own().ifPresent(loggers -> limit(loggers, verbose.getAsBoolean()));
    }
    return new RunLast().execute(parsed);
  }

  static void limit(LoggerContext loggers, boolean verbose) {
    for (String name : List.of(Logger.ROOT_LOGGER_NAME, "io.weir", "org.apache.kafka")) {
      loggers.getLogger(name).setLevel(verbose ? Level.WARN : Level.OFF);
    }
  }
}
