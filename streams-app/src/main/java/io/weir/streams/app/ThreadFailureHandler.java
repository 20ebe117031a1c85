package io.weir.streams.app;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of the application when one of its threads fails: the thread is replaced, a
 * few times; an outage is waited for; what would come again ends the application. Thread-safe.
 *
 * <p>Kafka Streams logs the stack trace itself, so the lines here are for people.
 */
final class ThreadFailureHandler implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadFailureHandler.class);
  private static final String GLOBAL_THREAD = "GlobalStreamThread";
  private static final Duration OUTAGE_PAUSE = Duration.ofSeconds(1);

  /** Waits, on the thread that failed and does nothing else any more. */
  @FunctionalInterface
  interface Pause {
    void pause(Duration duration);
  }

  private final FailureClassifier classifier;
  private final FailureBudget budget;
  private final InstantSource clock;
  private final Pause pause;
  private final Consumer<ExitStatus> end;

  /**
   * A handler.
   *
   * @param end is told why the application ends; called on the thread that failed
   */
  ThreadFailureHandler(
      FailureClassifier classifier,
      FailureBudget budget,
      InstantSource clock,
      Pause pause,
      Consumer<ExitStatus> end) {
    this.classifier = classifier;
    this.budget = budget;
    this.clock = clock;
    this.pause = pause;
    this.end = end;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable exception) {
    Failure failure = classifier.classify(exception);
    return switch (failure.kind()) {
      case OUTAGE -> {
        LOG.warn("A thread waits for what is down, and is replaced: {}", failure.sentence());
        pause.pause(OUTAGE_PAUSE);
        // The global thread cannot be replaced; Kafka Streams would end without a reason given.
        yield isGlobalThread() ? ended(failure.sentence()) : replaced();
      }
      case FATAL -> ended(failure.sentence());
      case PASSING -> {
        if (isGlobalThread()) {
          yield ended("the thread that reads the rules failed: " + failure.sentence());
        }
        if (!budget.spend(clock.instant())) {
          yield ended(
              "threads keep failing, more than "
                  + budget
                  + "; the last one by "
                  + failure.sentence());
        }
        LOG.error(
            "A thread failed and is replaced ({} of {}): {}",
            budget.spent(),
            budget,
            failure.sentence());
        yield replaced();
      }
    };
  }

  private static StreamThreadExceptionResponse replaced() {
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private StreamThreadExceptionResponse ended(String sentence) {
    end.accept(ExitStatus.failed(sentence));
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private static boolean isGlobalThread() {
    return Thread.currentThread().getName().endsWith(GLOBAL_THREAD);
  }
}
