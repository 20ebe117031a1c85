package io.weir.streams.cli;

import io.weir.streams.config.SettingsException;
import java.io.PrintWriter;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** Prints what a person needs to know of an exception, and no more unless they ask for it. */
final class Failures {
  private Failures() {}

  /** Prints the exception; the result is the exit code. */
  static int print(Throwable thrown, boolean verbose, PrintWriter err, Terminal terminal) {
    print(err, terminal, sentence(thrown), hint(thrown, verbose));
    if (verbose) {
      thrown.printStackTrace(err);
      err.flush();
    }
    return Weir.FAILED;
  }

  /** Prints what is wrong, a line for each mistake, and what to do about it. */
  static void print(PrintWriter err, Terminal terminal, String mistakes, Optional<String> hint) {
    boolean colors = terminal.error() && terminal.colors();
    String prefix = colors ? "\u001b[31merror:\u001b[0m " : "error: ";
    mistakes.lines().forEach(line -> err.println(prefix + line));
    hint.ifPresent(it -> err.println("hint: " + it));
    err.flush();
  }

  private static String sentence(Throwable thrown) {
    if (thrown instanceof CommandFailure || thrown instanceof SettingsException) {
      return String.valueOf(thrown.getMessage());
    }
    if (isExplained(thrown)) {
      return String.valueOf(KafkaFailures.explain(thrown).getMessage());
    }
    return "unexpected: " + thrown;
  }

  private static boolean isExplained(Throwable thrown) {
    return thrown instanceof KafkaException || RegistryFailures.find(thrown).isPresent();
  }

  private static Optional<String> hint(Throwable thrown, boolean verbose) {
    if (thrown instanceof CommandFailure failure) {
      return failure.hint();
    }
    if (thrown instanceof SettingsException) {
      // One with a cause is about the file, whatever is in it.
      return Optional.of("docs/settings.md lists all settings")
          .filter(hint -> thrown.getCause() == null);
    }
    if (isExplained(thrown)) {
      return KafkaFailures.explain(thrown).hint();
    }
    return verbose ? Optional.empty() : Optional.of("--verbose shows where it comes from");
  }
}
