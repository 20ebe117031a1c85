package io.weir.limiter.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Settings of a {@link RedisRateLimiter}. Not thread-safe. */
public final class RedisRateLimiterBuilder {
  /**
   * Calls under way at once. With fewer, what comes waits longer where Redis is far; with more,
   * less travels together. docs/performance.md has what was measured.
   */
  private static final int MAX_CALLS = 2;

  /** Redis does nothing else while it judges these. */
  private static final int MAX_ASKS = 128;

  /** Calls that a Redis which stands still may collect; in a cluster each slot has its own. */
  private static final int MAX_UNANSWERED = 1_000 + MAX_CALLS * SlotHash.SLOT_COUNT;

  static final CircuitBreakerConfig USUAL_BREAKER =
      CircuitBreakerConfig.custom()
          .slidingWindowSize(20)
          .minimumNumberOfCalls(10)
          .waitDurationInOpenState(Duration.ofMillis(500))
          .permittedNumberOfCallsInHalfOpenState(MAX_CALLS)
          .build();

  private final Supplier<RuleSet> rules;
  private List<RedisURI> uris = List.of(LettuceClient.address("redis://localhost"));
  private boolean cluster;
  private String keyPrefix = "weir:";
  private Duration timeout = Duration.ofMillis(50);
  private Duration spin = Duration.ofNanos(200_000);
  private Duration lateness = Duration.ZERO;
  private int maxWaiting = 10_000;
  private OnError onError = OnError.ALLOW;
  private boolean logsOutages = true;
  private double localShare = 1;
  private long localMaxRows = 100_000;
  private Algorithms algorithms = Algorithms.standard();
  private InstantSource clock = InstantSource.system();
  private Function<Match, Optional<String>> refusal = match -> Optional.empty();
  private CircuitBreakerConfig breaker = USUAL_BREAKER;

  RedisRateLimiterBuilder(Supplier<RuleSet> rules) {
    this.rules = rules;
  }

  /**
   * Where Redis is; {@code redis://localhost} by default.
   *
   * @throws IllegalArgumentException if it is no such address
   */
  public RedisRateLimiterBuilder uri(String uri) {
    this.uris = List.of(LettuceClient.address(uri));
    this.cluster = false;
    return this;
  }

  /**
   * Some servers of a Redis Cluster; the others are found by them.
   *
   * @throws IllegalArgumentException if there is none, or one is no address
   */
  public RedisRateLimiterBuilder cluster(String... someUris) {
    if (someUris.length == 0) {
      throw new IllegalArgumentException("no server of the cluster is named");
    }
    this.uris = List.of(someUris).stream().map(LettuceClient::address).toList();
    this.cluster = true;
    return this;
  }

  /**
   * What keys begin with; {@code weir:} by default.
   *
   * @throws IllegalArgumentException if it contains a brace, which marks the identifier
   */
  public RedisRateLimiterBuilder keyPrefix(String newKeyPrefix) {
    var unused = new RedisKeys(newKeyPrefix);
    this.keyPrefix = newKeyPrefix;
    return this;
  }

  /**
   * How long a request may wait for Redis; 50 ms by default.
   *
   * @throws IllegalArgumentException if it is below a millisecond, or above an hour
   */
  public RedisRateLimiterBuilder timeout(Duration newTimeout) {
    if (newTimeout.compareTo(Duration.ofMillis(1)) < 0
        || newTimeout.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "the timeout is " + Spans.exact(newTimeout) + "; it must be from 1 ms to an hour");
    }
    this.timeout = newTimeout;
    return this;
  }

  /**
   * How long a thread that waits for Redis may stay awake before it sleeps, while other threads
   * have its processor if they need it; 0.2 ms by default. At most eight threads do at once, and
   * only where answers lately came in time for it. Zero saves processor time, and answers come
   * later by the time that waking a thread takes.
   *
   * @throws IllegalArgumentException if it is negative, or above a millisecond
   */
  public RedisRateLimiterBuilder spin(Duration newSpin) {
    if (newSpin.isNegative() || newSpin.compareTo(Duration.ofMillis(1)) > 0) {
      throw new IllegalArgumentException(
          "spin is " + Spans.exact(newSpin) + "; it must be from 0 to 1 ms");
    }
    this.spin = newSpin;
    return this;
  }

  /**
   * How far Redis's clock may be set back, or be behind after a failover, before requests are
   * judged at a later time than it shows; 0 by default. Rows are kept so much longer.
   *
   * @throws IllegalArgumentException if it is negative, or above 365 days
   */
  public RedisRateLimiterBuilder lateness(Duration newLateness) {
    var unused = InMemoryBackend.builder().lateness(newLateness);
    this.lateness = newLateness;
    return this;
  }

  /**
   * How many requests may wait for Redis at once; 10,000 by default. More are decided as if Redis
   * were away.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public RedisRateLimiterBuilder maxWaiting(int newMaxWaiting) {
    if (newMaxWaiting < 1) {
      throw new IllegalArgumentException(
          "maxWaiting is " + newMaxWaiting + "; it must be 1 or more");
    }
    this.maxWaiting = newMaxWaiting;
    return this;
  }

  /** What is decided without Redis under rules that do not say; to allow, by default. */
  public RedisRateLimiterBuilder onError(OnError newOnError) {
    this.onError = newOnError;
    return this;
  }

  /**
   * Whether the limiter logs that it decides without Redis, a warning for each outage, and that it
   * decides with it again; true by default. Who tells of it otherwise turns it off.
   */
  public RedisRateLimiterBuilder logOutages(boolean newLogsOutages) {
    this.logsOutages = newLogsOutages;
    return this;
  }

  /**
   * The share of a limit that this process admits where it judges alone ({@code on_error: local}):
   * one half where two share the work; the whole by default.
   *
   * @throws IllegalArgumentException if it is not above 0 and at most 1
   */
  public RedisRateLimiterBuilder localShare(double newLocalShare) {
    if (!(newLocalShare > 0 && newLocalShare <= 1)) {
      throw new IllegalArgumentException(
          "localShare is " + newLocalShare + "; it must be above 0 and at most 1");
    }
    this.localShare = newLocalShare;
    return this;
  }

  /**
   * The most rows to keep where this process judges alone; 100,000 by default.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public RedisRateLimiterBuilder localMaxRows(long newLocalMaxRows) {
    var unused = InMemoryBackend.builder().maxRows(newLocalMaxRows);
    this.localMaxRows = newLocalMaxRows;
    return this;
  }

  /** The algorithms that rows may be of; the standard ones by default. */
  public RedisRateLimiterBuilder algorithms(Algorithms newAlgorithms) {
    this.algorithms = newAlgorithms;
    return this;
  }

  /**
   * When Redis is left alone, or one server of a cluster; by default where half of 20 calls failed,
   * for half a second. A call may carry many requests.
   */
  public RedisRateLimiterBuilder circuitBreaker(CircuitBreakerConfig newBreaker) {
    this.breaker = newBreaker;
    return this;
  }

  /**
   * What is not judged, though limits apply to it: none by default. The request is denied as {@link
   * io.weir.limiter.Reason#INVALID_REQUEST}, and nothing is asked of Redis.
   *
   * @param newRefusal says in a sentence why not; empty where it is judged
   */
  public RedisRateLimiterBuilder refuse(Function<Match, Optional<String>> newRefusal) {
    this.refusal = newRefusal;
    return this;
  }

  /** This machine's clock, which has no say in what Redis decides. */
  RedisRateLimiterBuilder clock(InstantSource newClock) {
    this.clock = newClock;
    return this;
  }

  /**
   * The limiter. Waits for the first connection, but not for a Redis that is away.
   *
   * @throws RedisUnavailableException if Redis is there and refuses the connection, for a wrong
   *     password say, or what is there does not speak its protocol
   */
  public RedisRateLimiter build() {
    Connected made = connected();
    Optional<OutageLog> outages =
        logsOutages
            ? Optional.of(
                new OutageLog("RedisRateLimiter[" + made.backend() + "]", System::nanoTime))
            : Optional.empty();
    outages.ifPresent(log -> made.failure().ifPresent(log::awayAtStart));
    return new RedisRateLimiter(
        new RuleBasedRateLimiter(rules, made.backend(), clock, refusal), made.backend(), outages);
  }

  /**
   * What the limiter is built on, for those who match rules themselves; {@link #refuse} and {@link
   * #logOutages} mean nothing then. Waits for the first connection, but not for a Redis that is
   * away.
   *
   * @throws RedisUnavailableException if Redis is there and refuses the connection, for a wrong
   *     password say, or what is there does not speak its protocol
   */
  public RedisBackend buildBackend() {
    return connected().backend();
  }

  /**
   * What was made.
   *
   * @param failure why there is no connection; empty where there is one
   */
  private record Connected(RedisBackend backend, Optional<ConnectFailure> failure) {}

  private Connected connected() {
    LettuceClient client =
        cluster
            ? LettuceClient.ofCluster(uris, MAX_UNANSWERED)
            : LettuceClient.ofServer(uris.get(0), MAX_UNANSWERED);
    RedisLink link =
        new RedisLink(
            client::connect,
            ScriptText.load(),
            ScriptText.ofRows(),
            client.timer(),
            client.toString());
    Coalescer.Settings settings =
        new Coalescer.Settings(
            MAX_CALLS, MAX_ASKS, maxWaiting, lateness.toMillis(), () -> ScriptCall.REDIS_TIME);
    RedisKeys keys = new RedisKeys(keyPrefix);
    Slots slots = cluster ? Slots.ofCluster() : Slots.one();
    AtomicInteger queued = new AtomicInteger();
    Servers servers = new Servers(link::serverOf, breaker);
    Coalescers coalescers =
        new Coalescers(
            slots,
            slot ->
                new Coalescer(
                    guarded(link, () -> servers.of(slot), client),
                    keys,
                    settings,
                    queued,
                    new AtomicLong()));
    Fallback fallback =
        new Fallback(
            onError,
            localShare,
            InMemoryBackend.builder().clock(clock).maxRows(localMaxRows).build(),
            clock);
    ScriptRowCodec codec = new ScriptRowCodec(algorithms);
    Server read = new Server(CircuitBreaker.of("weir-redis-read", breaker));
    RedisBackend backend =
        new RedisBackend(
            slots,
            new Conversations(
                coalescers, timeout, new AdaptiveSpin(spin, System::nanoTime), client.timer()),
            codec,
            new RowsReader(guarded(link.reading(), () -> read, client), keys, codec),
            fallback,
            new Contention(),
            () -> {
              link.close();
              client.close();
            },
            client + ", keys " + keyPrefix + "…");
    Optional<ConnectFailure> failure = link.connect().join();
    failure
        .flatMap(ConnectFailure::refusal)
        .ifPresent(
            refusal -> {
              backend.close();
              throw refusal;
            });
    if (failure.isEmpty()) {
      backend.warmUp();
    }
    return new Connected(backend, failure);
  }

  private GuardedScript guarded(Script script, Supplier<Server> server, LettuceClient client) {
    return new GuardedScript(script, server, client.timer(), timeout);
  }
}
