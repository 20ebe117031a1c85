package io.weir.limiter.outbound;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What limiters need to run, as a builder was told it.
 *
 * @param clock measures spans of time
 * @param wallClock tells the time of day, for dates in answers
 * @param timer wakes those who wait
 * @param ownTimer the timer, if whoever has this is to close it
 * @param executor starts asynchronous calls that waited
 * @param maxWaiting how many calls may wait
 * @param maxWait the deadline of calls that have none of their own
 * @param isPart whether it is a part of something else, whose end is told instead
 * @param closed whether the end of the whole was told
 */
record OutboundContext(
    String name,
    InstantSource clock,
    InstantSource wallClock,
    OutboundTimer timer,
    Optional<SystemTimer> ownTimer,
    Executor executor,
    List<OutboundListener> listeners,
    int maxWaiting,
    Duration maxWait,
    boolean isPart,
    AtomicBoolean closed) {

  /** The same for a part of it, which does not close the timer. */
  OutboundContext part(String partName) {
    return new OutboundContext(
        partName,
        clock,
        wallClock,
        timer,
        Optional.empty(),
        executor,
        listeners,
        maxWaiting,
        maxWait,
        true,
        closed);
  }

  /** The same for a queue behind another one, which bounds who waits. */
  OutboundContext queueless() {
    return new OutboundContext(
        name,
        clock,
        wallClock,
        timer,
        Optional.empty(),
        executor,
        listeners,
        Integer.MAX_VALUE,
        maxWait,
        true,
        closed);
  }

  /** Ends the timer, and tells once of the end of what has this, a class that logs. */
  void close(Class<?> owner) {
    ownTimer.ifPresent(SystemTimer::close);
    if (!isPart && closed.compareAndSet(false, true)) {
      new Listeners(listeners, owner).onClosed(name);
    }
  }
}
