package io.weir.limiter.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The requests of a client that are not done, and whether more may come. Thread-safe. */
final class UnderWay {
  private final String name;

  /** By what is theirs alone, as futures are not compared. */
  private final Map<Object, CompletableFuture<?>> requests = new ConcurrentHashMap<>();

  private final CompletableFuture<Void> terminated = new CompletableFuture<>();
  private volatile boolean shut;

  /** A request that blocks a thread, which is left alone. */
  static final class Blocking extends CompletableFuture<Void> {
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return false;
    }
  }

  /**
   * None is there.
   *
   * @param name the client's, for messages
   */
  UnderWay(String name) {
    this.name = name;
  }

  /**
   * Adds a request until it completes.
   *
   * @throws IOException if no more may come
   */
  void add(CompletableFuture<?> request) throws IOException {
    Object key = new Object();
    requests.put(key, request);
    if (shut) {
      // It came while the doors closed: who closes may have looked already.
      remove(key);
      IllegalStateException why = new IllegalStateException("'" + name + "' is closed");
      throw new IOException(why.getMessage(), why);
    }
    var unused = request.whenComplete((done, failure) -> remove(key));
  }

  private void remove(Object key) {
    requests.remove(key);
    endIfLast();
  }

  private void endIfLast() {
    if (shut && requests.isEmpty()) {
      terminated.complete(null);
    }
  }

  /** Lets no more come. */
  void shut() {
    shut = true;
    endIfLast();
  }

  /** Cancels those that are there. */
  void cancelAll() {
    requests.values().forEach(request -> request.cancel(true));
  }

  /** Completes when no more may come and all are done. */
  CompletableFuture<Void> terminated() {
    return terminated;
  }

  /** Whether that is so, or becomes so in time. */
  boolean await(Duration timeout) throws InterruptedException {
    try {
      terminated.get(Times.nanos(timeout), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
