package io.weir.streams.app;

import io.weir.streams.serde.StopSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of the application when one of its threads fails: the thread is replaced, a
 * few times; an outage is waited for; what would come again ends the application. Once it stops, a
 * thread may fail because of that, and nothing more is done. Thread-safe.
 *
 * <p>The lines here are for people. Kafka Streams logs the stack trace itself; of an outage it is
 * left out where {@code io.weir.streams.cli.run.KafkaLines} filters the log, and the sentence here
 * is all that tells of it.
 */
final class ThreadFailureHandler implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadFailureHandler.class);
  private static final String GLOBAL_THREAD = "GlobalStreamThread";

  private final FailureClassifier classifier;
  private final FailureBudget budget;
  private final InstantSource clock;
  private final Duration outagePause;
  private final StopSignal stop;
  private final Consumer<ExitStatus> end;

  /**
   * A handler.
   *
   * @param outagePause how long a thread is out of work by an outage, before it is replaced
   * @param stop ends that pause
   * @param end is told why the application ends; called on the thread that failed
   */
  ThreadFailureHandler(
      FailureClassifier classifier,
      FailureBudget budget,
      InstantSource clock,
      Duration outagePause,
      StopSignal stop,
      Consumer<ExitStatus> end) {
    this.classifier = classifier;
    this.budget = budget;
    this.clock = clock;
    this.outagePause = outagePause;
    this.stop = stop;
    this.end = end;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable exception) {
    Failure failure = classifier.classify(exception);
    if (stop.isGiven()) {
      LOG.info("A thread ends early as the application stops: {}", failure.sentence());
      // Kafka Streams replaces no thread while it is being closed, and the global one never: asked
      // to, it fails by a cast.
      return isGlobalThread() ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT : replaced();
    }
    return switch (failure.kind()) {
      case OUTAGE -> {
        LOG.warn("A thread waits for what is down, and is replaced: {}", failure.sentence());
        waitForOutage();
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

  /** Waits, on the thread that failed and does nothing else any more. */
  private void waitForOutage() {
    try {
      stop.await(outagePause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
