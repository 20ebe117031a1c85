package io.weir.streams.topology;

import io.weir.limiter.Decision;
import io.weir.limiter.OnceBackend;
import io.weir.limiter.OnceDecision;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * State of limits that is not kept by the tasks, and that others spend from too: in Redis.
 * Thread-safe.
 *
 * <p>A backlog must not be asked for all at once: what waits longer than the backend's timeout is
 * decided without it. So the requests of all tasks that are under way are bounded by a window,
 * which halves when answers take long, and grows while they do not, as that of TCP does (additive
 * increase, multiplicative decrease).
 */
public final class SharedState {
  private static final int LEAST_WINDOW = 16;
  private static final int FIRST_WINDOW = 64;
  private static final int MOST_WINDOW = 1_024;

  private final OnceBackend backend;
  private final Consumer<Decision> listener;
  private final int mostWindow;
  private final long longNanos;
  private int underWay;
  private int window;

  /** Answers since the window was changed. */
  private int answers;

  /**
   * State that a backend has, which is closed by who made it.
   *
   * @param maxWaiting the requests that it lets wait, for all who ask it
   * @param timeout how long it lets a request wait
   * @param listener is told of each decision, by whoever brings it; must not wait
   */
  public SharedState(
      OnceBackend backend, int maxWaiting, Duration timeout, Consumer<Decision> listener) {
    this.backend = backend;
    this.listener = listener;
    this.mostWindow = Math.max(1, Math.min(MOST_WINDOW, maxWaiting / 2));
    this.longNanos = timeout.toNanos() / 2;
    this.window = Math.min(FIRST_WINDOW, mostWindow);
  }

  OnceBackend backend() {
    return backend;
  }

  /** Whether no more should be asked until there are answers. */
  synchronized boolean isBusy() {
    return underWay >= window;
  }

  /** A question that was asked now, until its answer comes. */
  CompletableFuture<OnceDecision> underWay(CompletionStage<OnceDecision> asked) {
    long startNanos = System.nanoTime();
    began();
    return asked
        .whenComplete(
            (decided, failure) -> {
              ended(
                  System.nanoTime() - startNanos, failure != null || decided.decision().degraded());
              if (failure == null) {
                listener.accept(decided.decision());
              }
            })
        .toCompletableFuture();
  }

  synchronized void began() {
    underWay++;
  }

  /**
   * Takes note of an answer.
   *
   * @param failed whether it was made without the state
   */
  synchronized void ended(long nanos, boolean failed) {
    underWay--;
    answers++;
    if (failed || nanos > longNanos) {
      // Those that were under way with it are as late; they count once.
      if (answers >= window) {
        window = Math.max(Math.min(LEAST_WINDOW, mostWindow), window / 2);
        answers = 0;
      }
    } else if (answers >= window) {
      window = Math.min(mostWindow, window + LEAST_WINDOW);
      answers = 0;
    }
  }

  synchronized int window() {
    return window;
  }
}
