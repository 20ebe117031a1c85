package io.weir.limiter.outbound;

import io.weir.limiter.outbound.OutboundTimer.Scheduled;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a number of calls be under way at once, the others in arrival order. How many wait is for
 * its user to bound. Thread-safe; what depends on its futures runs without its lock.
 */
final class ConcurrencyGate {
  private final OutboundContext context;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();

  /** In arrival order. Under the lock. */
  private final Set<Place> waiting = new LinkedHashSet<>();

  private int underWay;

  /** Places that a thread has still to give on, for each thread that is giving one on. */
  private final Map<Thread, AtomicInteger> leaving = new ConcurrentHashMap<>();

  /** A place that is waited for. */
  private static final class Place extends KnowingFuture<Void> {
    /** What ends the wait at the deadline. */
    volatile Scheduled alarm = () -> {};
  }

  /**
   * A gate.
   *
   * @param most how many calls may be under way, 1 or more
   */
  ConcurrencyGate(OutboundContext context, int most) {
    this.context = context;
    this.most = most;
  }

  /**
   * Asks for a place; whoever gets one calls {@link #leave()}.
   *
   * @return completes when there is a place, exceptionally at the deadline, at once if that is 0;
   *     it may be cancelled
   */
  CompletableFuture<Void> enter(Duration deadline) {
    Place place = new Place();
    lock.lock();
    try {
      if (underWay < most) {
        underWay++;
        return CompletableFuture.completedFuture(null);
      }
      if (deadline.isZero()) {
        return CompletableFuture.failedFuture(tooLate(deadline));
      }
      place.alarm = alarm(place, deadline);
      waiting.add(place);
    } finally {
      lock.unlock();
    }
    var unused = place.whenComplete((nothing, failure) -> forget(place));
    return place;
  }

  private Scheduled alarm(Place place, Duration deadline) {
    if (deadline.compareTo(Times.FOREVER) >= 0) {
      return () -> {};
    }
    return context.timer().schedule(() -> place.completeExceptionally(tooLate(deadline)), deadline);
  }

  private RateLimitWaitException tooLate(Duration deadline) {
    return new RateLimitWaitException(context.name(), deadline);
  }

  private void forget(Place place) {
    lock.lock();
    try {
      waiting.remove(place);
    } finally {
      lock.unlock();
    }
    place.alarm.cancel();
  }

  /**
   * Gives a place back, to the first of those who wait. Where that one ends at once, on this
   * thread, its own place is given on after it, and not inside: a thousand who wait would be a
   * thousand levels of calls. Each thread does so for itself, so none waits for what another runs;
   * but what one frees inside of what it lets start is given on when that returns.
   */
  void leave() {
    Thread thread = Thread.currentThread();
    AtomicInteger mine = leaving.get(thread);
    if (mine != null) {
      mine.incrementAndGet();
      return;
    }
    mine = new AtomicInteger(1);
    leaving.put(thread, mine);
    try {
      while (mine.getAndDecrement() > 0) {
        giveOn();
      }
    } finally {
      leaving.remove(thread);
    }
  }

  private void giveOn() {
    Optional<Place> next = handOver();
    // One who was cancelled just now does not take it.
    while (next.isPresent() && !next.get().complete(null)) {
      next = handOver();
    }
  }

  private Optional<Place> handOver() {
    lock.lock();
    try {
      Optional<Place> next = waiting.stream().findFirst();
      next.ifPresentOrElse(waiting::remove, () -> underWay--);
      return next;
    } finally {
      lock.unlock();
    }
  }

  int underWay() {
    lock.lock();
    try {
      return underWay;
    } finally {
      lock.unlock();
    }
  }

  /** Fails those who wait. */
  void failAll(RuntimeException why) {
    for (Place place : copyOfWaiting()) {
      place.completeExceptionally(why);
    }
  }

  private List<Place> copyOfWaiting() {
    lock.lock();
    try {
      return List.copyOf(waiting);
    } finally {
      lock.unlock();
    }
  }
}
