package io.weir.streams.cli.dev;

import io.weir.streams.cli.CommandFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;

/** Sends the requests of a few users, each in their manner, from a thread of its own. */
final class DevTraffic implements AutoCloseable {
  private static final long TICK_MILLIS = 50;

  private final List<DevUser> users;
  private final Map<DevDoor, DevRequests> doors;
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "weir-dev-traffic");

  /**
   * Traffic that has not begun.
   *
   * @param doors where the users ask, each of them at one of these; closed with the traffic
   */
  DevTraffic(List<DevUser> users, Map<DevDoor, DevRequests> doors) {
    this.users = users;
    this.doors = Map.copyOf(doors);
  }

  void start() {
    thread.start();
  }

  /** Requests that were made, acknowledged or not. */
  long asked() {
    return asked.get();
  }

  /** Requests that the broker has acknowledged, or a door has answered. */
  long sent() {
    return sent.get();
  }

  /** Makes no more requests; those that were made are still on their way. */
  void stop() {
    stop.countDown();
    join();
  }

  /** Likewise, and does not wait for a broker that a request waits for. */
  void abandon() {
    stop.countDown();
    thread.interrupt();
    join();
  }

  private void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns if every request could be sent so far.
   *
   * @throws KafkaException if not
   * @throws CommandFailure if a door did not answer
   */
  void throwIfFailed() {
    Throwable cause = failure.get();
    if (cause instanceof CompletionException wrapped && wrapped.getCause() != null) {
      cause = wrapped.getCause();
    }
    if (cause instanceof KafkaException) {
      throw new KafkaException("a request could not be sent", cause);
    }
    if (cause != null) {
      throw new CommandFailure("a request of the traffic was not answered: " + cause, cause);
    }
  }

  /** Gives up what is still on its way. */
  @Override
  public void close() {
    stop.countDown();
    doors.values().forEach(DevRequests::close);
  }

  private void run() {
    long startNanos = System.nanoTime();
    Map<DevUser, Long> asked = new HashMap<>();
    try {
      while (!stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        for (DevUser user : users) {
          long due = user.dueAfter(seconds);
          for (long i = asked.getOrDefault(user, 0L); i < due && !isStopped(); i++) {
            send(user, i);
          }
          asked.put(user, due);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!isStopped()) {
        failure.compareAndSet(null, e);
      }
    }
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  private void send(DevUser user, long number) {
    Map<String, String> attributes = new HashMap<>(user.attributes());
    attributes.put("user_id", user.name());
    asked.incrementAndGet();
    var unused =
        Objects.requireNonNull(doors.get(user.doorOf(number)))
            .send(user.name() + "-" + (number + 1), attributes)
            .whenComplete(
                (arrived, exception) -> {
                  if (exception == null) {
                    sent.incrementAndGet();
                  } else {
                    failure.compareAndSet(null, exception);
                  }
                });
  }
}
