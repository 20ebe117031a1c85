package io.weir.streams.app;

/** Runs an application until it ends or the process is asked to (SIGTERM, SIGINT). */
public final class ApplicationRunner {

  /**
   * Starts the application and waits for its end, whoever brings it about; it is closed then.
   *
   * @return how it ended; also where it could not start
   */
  public ExitStatus run(Application application) {
    // The JVM waits for this hook, so a signal ends the process only after the clean stop.
    Thread hook = new Thread(application::close, "weir-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      application.start();
      ExitStatus status = application.exit().join();
      application.close();
      return status;
    } catch (StartupException e) {
      return application.exit().join(); // It is closed, and says what it failed by.
    } finally {
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook is running, and this thread is here because of it.
    }
  }
}
