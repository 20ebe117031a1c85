package io.weir.limiter.outbound;

import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/**
 * A timer, and the clock that it moves: time passes only in {@link #advance}, which runs what is
 * due, in order, on its own thread. Setting the clock does not change what the timer waits for, as
 * it does not in production. Thread-safe.
 */
final class FakeTimer implements OutboundTimer {
  private final FakeClock clock;
  private final List<Task> tasks = new ArrayList<>();
  private long elapsedMillis;
  private long lastNumber;
  private boolean closed;

  private record Task(long number, long dueMillis, Runnable runnable) {}

  FakeTimer(FakeClock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Scheduled schedule(Runnable runnable, Duration delay) {
    if (closed) {
      throw new RejectedExecutionException("closed");
    }
    Task task = new Task(++lastNumber, elapsedMillis + delay.toMillis(), runnable);
    tasks.add(task);
    return () -> remove(task);
  }

  private synchronized void remove(Task task) {
    tasks.removeIf(it -> it.number() == task.number());
  }

  synchronized void close() {
    closed = true;
  }

  synchronized int scheduled() {
    return tasks.size();
  }

  /** Lets time pass. */
  void advance(long millis) {
    long endMillis = elapsedMillis + millis;
    Optional<Task> next = nextDue(endMillis);
    while (next.isPresent()) {
      next.get().runnable().run();
      next = nextDue(endMillis);
    }
    passTo(endMillis);
  }

  private synchronized Optional<Task> nextDue(long endMillis) {
    Optional<Task> next =
        tasks.stream()
            .filter(it -> it.dueMillis() <= endMillis)
            .min(Comparator.comparingLong(Task::dueMillis));
    next.ifPresent(
        task -> {
          passTo(Math.max(elapsedMillis, task.dueMillis()));
          remove(task);
        });
    return next;
  }

  private synchronized void passTo(long millis) {
    clock.advance(Duration.ofMillis(millis - elapsedMillis));
    elapsedMillis = millis;
  }
}
