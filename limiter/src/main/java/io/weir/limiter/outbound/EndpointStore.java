package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.outbound.EndpointPattern.Endpoint;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The limiters of endpoints, made when they are first used and forgotten when they are idle, as
 * {@link EndpointRateLimiter} says. Thread-safe; it runs nothing of anybody else under its lock.
 */
final class EndpointStore {
  private static final Logger LOG = System.getLogger(EndpointRateLimiter.class.getName());
  private static final Key OTHERS = new Key("(others)", Optional.empty());

  /** How many are looked at when one is made: making it should not take long. */
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

  /** The one that was not used for longest is first. */
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private boolean closed;

  private record Key(String text, Optional<String> host) {}

  /** A limiter in use. */
  static final class Entry {
    final OutboundRateLimiter limiter;
    final Turnstile turnstile;
    private int users;
    private long usedMillis;

    private Entry(OutboundRateLimiter limiter, Turnstile turnstile) {
      this.limiter = limiter;
      this.turnstile = turnstile;
    }

    private boolean isIdle() {
      return users == 0
          && turnstile.underWay() == 0
          && turnstile.waiting() == 0
          && TurnQueue.of(limiter).isIdle();
    }
  }

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
  Entry pin(String text) {
    Endpoint endpoint = Endpoint.split(text);
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("'" + context.name() + "' is closed");
      }
      Entry entry = find(endpoint);
      entry.users++;
      entry.usedMillis = time.millis();
      return entry;
    } finally {
      lock.unlock();
    }
  }

  void unpin(Entry entry) {
    lock.lock();
    try {
      entry.users--;
    } finally {
      lock.unlock();
    }
  }

  private Entry find(Endpoint endpoint) {
    Optional<EndpointPattern> pattern = limits.match(endpoint);
    Key key =
        pattern
            .map(
                it ->
                    new Key(it.text(), it.host().isPresent() ? Optional.empty() : endpoint.host()))
            .orElseGet(() -> new Key(endpoint.toString(), Optional.empty()));
    Entry known = entries.get(key);
    if (known != null) {
      return known;
    }
    if (!makeRoom()) {
      return others(endpoint);
    }
    Entry made = make(pattern.map(EndpointPattern::text).orElse("(default)"), limits.of(pattern));
    entries.put(key, made);
    return made;
  }

  private Entry others(Endpoint endpoint) {
    Entry known = entries.get(OTHERS);
    if (known != null) {
      return known;
    }
    LOG.log(
        Level.WARNING,
        "''{0}'' has {1} limiters in use: {2} and further ones share one",
        context.name(),
        entries.size(),
        endpoint);
    Entry made = make(OTHERS.text(), limits.defaults());
    entries.put(OTHERS, made);
    return made;
  }

  private Entry make(String label, Limit limit) {
    OutboundContext own = context.part(context.name() + " " + label);
    OutboundRateLimiter limiter =
        adaptive.isPresent()
            ? new AdaptiveRateLimiter(own.queueless(), adaptive.get().rules(limit))
            : new TokenBucketRateLimiter(own.queueless(), limit);
    return new Entry(limiter, new Turnstile(own, concurrency, Optional.of(limiter)));
  }

  /** Forgets what is idle for long, and more where there is no room else; whether there is room. */
  private boolean makeRoom() {
    long nowMillis = time.millis();
    int looked = 0;
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext() && (looked < SWEEP || entries.size() >= maxEndpoints)) {
      Entry entry = oldest.next();
      looked++;
      boolean old = nowMillis - entry.usedMillis >= idleAfterMillis;
      if ((old || entries.size() >= maxEndpoints) && entry.isIdle()) {
        oldest.remove();
        entry.limiter.close();
      }
    }
    return entries.size() < maxEndpoints;
  }

  /** Sets the limit of a pattern; the limiters that have it so far. */
  List<OutboundRateLimiter> put(EndpointPattern pattern, Limit limit) {
    lock.lock();
    try {
      limits.put(pattern, limit);
      return entries.entrySet().stream()
          .filter(it -> it.getKey().text().equals(pattern.text()))
          .map(it -> it.getValue().limiter)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all limiters; no more are made. */
  void close() {
    List<Entry> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(entries.values());
    } finally {
      lock.unlock();
    }
    for (Entry entry : all) {
      entry.turnstile.close();
      entry.limiter.close();
    }
  }
}
