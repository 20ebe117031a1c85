package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RoutePattern;
import io.weir.limiter.outbound.EndpointEntry.Lane;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The limiters of endpoints, made when they are first used and forgotten when they are idle, as
 * {@link EndpointRateLimiter} says. Thread-safe; it runs nothing of anybody else under its lock.
 */
final class EndpointStore {
  private static final Logger LOG = System.getLogger(EndpointRateLimiter.class.getName());

  /** How many are looked at when one is to be made: that should not take long. */
  private static final int SWEEP = 16;

  private final OutboundContext context;
  private final Optional<Integer> concurrency;
  private final Optional<AdaptiveSettings> adaptive;
  private final int maxEndpoints;
  private final long idleAfterMillis;
  private final ReentrantLock lock = new ReentrantLock();

  // Everything below is under the lock.
  private final SteadyTime time;
  private final EndpointLimits limits;

  /** The one that was neither used nor looked at for longest is first. */
  private final Map<Key, EndpointEntry> entries = new LinkedHashMap<>(16, 0.75f, true);

  /** For each pattern the one of what there was no room for. */
  private final Map<String, EndpointEntry> overflows = new LinkedHashMap<>();

  private boolean closed;

  private record Key(String shape, Optional<String> host) {}

  /** A limiter in use. */
  record Use(EndpointEntry entry, Lane lane) {}

  EndpointStore(
      OutboundContext context,
      EndpointLimits limits,
      Optional<Integer> concurrency,
      Optional<AdaptiveSettings> adaptive,
      int maxEndpoints,
      Duration idleAfter) {
    this.context = context;
    this.limits = limits;
    this.concurrency = concurrency;
    this.adaptive = adaptive;
    this.maxEndpoints = maxEndpoints;
    this.idleAfterMillis = Times.millis(idleAfter);
    this.time = new SteadyTime(context.clock());
  }

  /** The limiter of an endpoint, which is not forgotten before it is unpinned. */
  Use pin(String text) {
    return pin(text, (entry, endpoint) -> entry.lane(endpoint));
  }

  /**
   * The limiter of an endpoint that was answered, as {@link #pin} has it from now on.
   *
   * @param resource what the answer named
   */
  Use pinAnswered(String text, Optional<String> resource) {
    return resource.isEmpty()
        ? pin(text)
        : pin(text, (entry, endpoint) -> entry.learn(endpoint, resource.get()));
  }

  private Use pin(String text, BiFunction<EndpointEntry, Endpoint, Lane> choose) {
    Endpoint endpoint = Endpoint.split(text);
    lock.lock();
    try {
      requireOpen();
      EndpointEntry entry = find(endpoint);
      Lane lane = choose.apply(entry, endpoint);
      entry.users++;
      entry.usedMillis = time.millis();
      return new Use(entry, lane);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The limiter of an endpoint, to look at: where there is none yet, one as it would be made, which
   * is not kept.
   */
  Lane look(String text) {
    Endpoint endpoint = Endpoint.split(text);
    lock.lock();
    try {
      requireOpen();
      Optional<RoutePattern> pattern = limits.match(endpoint);
      EndpointEntry known = entries.get(key(pattern, endpoint));
      if (known == null && entries.size() >= maxEndpoints) {
        known = overflows.get(shape(pattern));
      }
      return (known == null ? make(label(pattern, endpoint), limits.of(pattern)) : known)
          .lane(endpoint);
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("'" + context.name() + "' is closed");
    }
  }

  void unpin(Use use) {
    lock.lock();
    try {
      use.entry().users--;
    } finally {
      lock.unlock();
    }
  }

  /** The limiters of all resources of the endpoint of one that is in use. */
  List<Lane> lanes(Use use) {
    lock.lock();
    try {
      return use.entry().lanes();
    } finally {
      lock.unlock();
    }
  }

  private EndpointEntry find(Endpoint endpoint) {
    Optional<RoutePattern> pattern = limits.match(endpoint);
    Key key = key(pattern, endpoint);
    EndpointEntry known = entries.get(key);
    if (known != null) {
      return known;
    }
    if (!makeRoom()) {
      return overflow(pattern, endpoint);
    }
    EndpointEntry made = make(label(pattern, endpoint), limits.of(pattern));
    entries.put(key, made);
    return made;
  }

  private static Key key(Optional<RoutePattern> pattern, Endpoint endpoint) {
    return pattern
        .map(it -> new Key(it.shape(), it.host().isPresent() ? Optional.empty() : endpoint.host()))
        .orElseGet(() -> new Key(endpoint.shape(), Optional.empty()));
  }

  /** What there is no room for is limited all the same, by the numbers of its pattern. */
  private EndpointEntry overflow(Optional<RoutePattern> pattern, Endpoint endpoint) {
    EndpointEntry known = overflows.get(shape(pattern));
    if (known != null) {
      return known;
    }
    LOG.log(
        Level.WARNING,
        "''{0}'' has {1} limiters in use: {2} and further ones of {3} share one",
        context.name(),
        entries.size(),
        endpoint,
        label(pattern));
    EndpointEntry made = make(label(pattern) + " (others)", limits.of(pattern));
    overflows.put(shape(pattern), made);
    return made;
  }

  private static String shape(Optional<RoutePattern> pattern) {
    return pattern.map(RoutePattern::shape).orElse("");
  }

  /** What a limiter is called: the pattern, with the host that it is for. */
  private static String label(Optional<RoutePattern> pattern, Endpoint endpoint) {
    return pattern
        .map(it -> endpoint.host().map(it::on).orElse(it).toString())
        .orElseGet(() -> label(pattern));
  }

  private static String label(Optional<RoutePattern> pattern) {
    return pattern.map(RoutePattern::toString).orElse("(default)");
  }

  private EndpointEntry make(String label, Limit limit) {
    Optional<ConcurrencyGate> gate =
        concurrency.map(
            most -> new ConcurrencyGate(context.part(context.name() + " " + label), most));
    return new EndpointEntry(
        resource -> {
          String name =
              context.name() + " " + label + resource.map(it -> " (" + it + ")").orElse("");
          OutboundContext own = context.part(name);
          OutboundRateLimiter limiter =
              adaptive.isPresent()
                  ? new AdaptiveRateLimiter(own.queueless(), adaptive.get().rules(limit))
                  : new TokenBucketRateLimiter(own.queueless(), limit);
          return new Lane(limiter, new Turnstile(own, gate, Optional.of(limiter)));
        });
  }

  /**
   * Forgets what is idle for long, and more where there is no room else; whether there is room.
   * Those that are looked at and stay are the last to be looked at again: where many are in use,
   * each call looks at a few, and all in turn.
   */
  private boolean makeRoom() {
    long nowMillis = time.millis();
    List<Key> stay = new ArrayList<>();
    var oldest = entries.entrySet().iterator();
    for (int looked = 0; looked < SWEEP && oldest.hasNext(); looked++) {
      Map.Entry<Key, EndpointEntry> next = oldest.next();
      EndpointEntry entry = next.getValue();
      boolean old = nowMillis - entry.usedMillis >= idleAfterMillis;
      if (!entry.isIdle()) {
        stay.add(next.getKey());
      } else if (old || entries.size() >= maxEndpoints) {
        oldest.remove();
        entry.close();
      }
    }
    stay.forEach(entries::get);
    if (entries.size() >= maxEndpoints) {
      return false;
    }
    forgetOverflows();
    return true;
  }

  private void forgetOverflows() {
    Iterator<EndpointEntry> all = overflows.values().iterator();
    while (all.hasNext()) {
      EndpointEntry entry = all.next();
      if (entry.isIdle()) {
        all.remove();
        entry.close();
      }
    }
  }

  /** Sets the limit of a pattern; the limiters that have it so far. */
  List<OutboundRateLimiter> put(RoutePattern pattern, Limit limit) {
    lock.lock();
    try {
      limits.put(pattern, limit);
      Stream<EndpointEntry> own =
          entries.entrySet().stream()
              .filter(it -> it.getKey().shape().equals(pattern.shape()))
              .map(Map.Entry::getValue);
      return Stream.concat(own, Stream.ofNullable(overflows.get(pattern.shape())))
          .flatMap(it -> it.lanes().stream())
          .map(Lane::limiter)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** All limiters that there are now. */
  List<Lane> lanes() {
    lock.lock();
    try {
      return Stream.concat(entries.values().stream(), overflows.values().stream())
          .flatMap(entry -> entry.lanes().stream())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return entries.size() + overflows.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return size() + " in use of at most " + maxEndpoints;
  }

  /** Ends all limiters; no more are made. */
  void close() {
    List<EndpointEntry> all;
    lock.lock();
    try {
      closed = true;
      all = Stream.concat(entries.values().stream(), overflows.values().stream()).toList();
    } finally {
      lock.unlock();
    }
    all.forEach(EndpointEntry::close);
  }
}
