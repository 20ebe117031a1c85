package io.weir.streams.cli.run;

import io.weir.streams.app.Application;
import io.weir.streams.app.ApplicationRunner;
import io.weir.streams.app.ExitStatus;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;

/** Runs an application as the work of a command, until it ends or a signal comes. */
public final class Foreground {
  private Foreground() {}

  /**
   * Runs it.
   *
   * @param isStopping whether a stop was asked for before it had started: then what libraries say
   *     of it is no news
   * @param err where it is said why it failed
   * @return the exit code
   */
  public static int run(Application application, BooleanSupplier isStopping, PrintWriter err) {
    Logging.silenceLibraries(isStopping);
    ExitStatus status = new ApplicationRunner().run(application);
    status.message().ifPresent(message -> err.println("error: " + message));
    err.flush();
    return status.code();
  }
}
