package io.weir.limiter.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A limiter whose state is in Redis: many processes spend from one budget, and each is answered
 * now. It decides as the one in memory does, at Redis's time. Thread-safe; one for each process is
 * right, as requests that come at the same moment travel together. Needs {@code lettuce-core} and
 * {@code resilience4j-circuitbreaker}, which this library names as optional.
 *
 * <p><b>One round trip.</b> A script judges all limits of a request at once, all or nothing. One
 * more is made for refunds, for limits whose numbers have changed since a row was written, and for
 * those that the script cannot count exactly (algorithms of the user's own, and numbers from 2^52
 * on): there rows are exchanged, and where somebody else was quicker, all is done once more.
 *
 * <p><b>When Redis is slow or gone</b>, nobody waits longer than the timeout: the request is
 * decided as its rules say ({@code on_error}), and the decision says so ({@link
 * Decision#degraded}). After many failures Redis is left alone for a moment. When it is back, it is
 * used again. The log has a warning when that begins, and a line when it ends. What was sent and
 * not answered may have been charged: that errs to deny.
 *
 * <p><b>Where the state is.</b> The rows of an identifier are in one key, {@code
 * weir:{api/user_id=42}}, which Redis removes when all of them are idle. In Redis Cluster the
 * identifier decides which server has it. A request with several identifiers is judged there in two
 * steps: each holds what it admits, and gives it back if another one refuses. So none admits more
 * than its limits, but until then others may be denied for it, and two requests that want the last
 * token of both may deny each other.
 */
public final class RedisRateLimiter implements RateLimiter, AsyncRateLimiter {
  private final RuleBasedRateLimiter limiter;
  private final RedisBackend backend;
  private final Consumer<Decision> listener;

  private RedisRateLimiter(
      RuleBasedRateLimiter limiter, RedisBackend backend, Consumer<Decision> listener) {
    this.limiter = limiter;
    this.backend = backend;
    this.listener = listener;
  }

  /**
   * A limiter with the defaults.
   *
   * @param uri where Redis is: {@code redis://localhost}, {@code rediss://} for TLS, {@code
   *     redis-sentinel://host1,host2/0#name}
   */
  public static RedisRateLimiter of(RuleSet rules, String uri) {
    return builder(() -> rules).uri(uri).build();
  }

  /**
   * A builder with the defaults.
   *
   * @param rules the rules in force, asked for at each request, so that they can change
   */
  public static Builder builder(Supplier<RuleSet> rules) {
    return new Builder(rules);
  }

  @Override
  public Decision check(Request request) {
    return told(limiter.check(request));
  }

  @Override
  public DescriptorsDecision checkDescriptors(DescriptorsRequest request) {
    return told(limiter.checkDescriptors(request));
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisUnavailableException if it cannot be done, or nobody knows whether it was
   */
  @Override
  public Decision refund(Request request, long chargedAtMillis) {
    return limiter.refund(request, chargedAtMillis);
  }

  /**
   * {@inheritDoc}
   *
   * @throws RedisUnavailableException if it cannot be done, or nobody knows whether it was
   */
  @Override
  public Decision reset(Request request) {
    return limiter.reset(request);
  }

  @Override
  public CompletionStage<Decision> checkAsync(Request request) {
    return limiter.checkAsync(request).thenApply(this::told);
  }

  @Override
  public CompletionStage<DescriptorsDecision> checkDescriptorsAsync(DescriptorsRequest request) {
    return limiter.checkDescriptorsAsync(request).thenApply(this::told);
  }

  /**
   * {@inheritDoc} The stage fails with {@link RedisUnavailableException} as {@link #refund} does.
   */
  @Override
  public CompletionStage<Decision> refundAsync(Request request, long chargedAtMillis) {
    return limiter.refundAsync(request, chargedAtMillis);
  }

  /**
   * {@inheritDoc} The stage fails with {@link RedisUnavailableException} as {@link #reset} does.
   */
  @Override
  public CompletionStage<Decision> resetAsync(Request request) {
    return limiter.resetAsync(request);
  }

  /**
   * What Redis remembers of an identifier, whatever the rules are now; nothing is charged. Of the
   * rows some may be idle, and decide as if they were not there.
   *
   * @param identifier who is limited, as decisions have it: {@code api/user_id=42}
   * @return the rows; the stage fails with {@link RedisUnavailableException} where Redis does not
   *     answer within the timeout
   */
  public CompletionStage<StoredRows> inspect(String identifier) {
    return backend.inspect(identifier);
  }

  private Decision told(Decision decision) {
    listener.accept(decision);
    return decision;
  }

  private DescriptorsDecision told(DescriptorsDecision decision) {
    listener.accept(decision.decision());
    return decision;
  }

  /** Closes the connection. */
  @Override
  public void close() {
    limiter.close();
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return "RedisRateLimiter[" + backend + "]";
  }

  /** Settings of the limiter. */
  public static final class Builder {
    /**
     * Calls under way at once. With fewer, what comes waits longer where Redis is far; with more,
     * less travels together. docs/performance.md has what was measured.
     */
    private static final int MAX_CALLS = 2;

    /** Redis does nothing else while it judges these. */
    private static final int MAX_ASKS = 128;

    /** Calls that a Redis which stands still may collect; in a cluster each slot has its own. */
    private static final int MAX_UNANSWERED = 1_000 + MAX_CALLS * SlotHash.SLOT_COUNT;

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
    private CircuitBreakerConfig breaker =
        CircuitBreakerConfig.custom()
            .slidingWindowSize(20)
            .minimumNumberOfCalls(10)
            .waitDurationInOpenState(Duration.ofMillis(500))
            .permittedNumberOfCallsInHalfOpenState(MAX_CALLS)
            .build();

    private Builder(Supplier<RuleSet> rules) {
      this.rules = rules;
    }

    /**
     * Where Redis is; {@code redis://localhost} by default.
     *
     * @throws IllegalArgumentException if it is no such address
     */
    public Builder uri(String uri) {
      this.uris = List.of(LettuceClient.address(uri));
      this.cluster = false;
      return this;
    }

    /**
     * Some servers of a Redis Cluster; the others are found by them.
     *
     * @throws IllegalArgumentException if there is none, or one is no address
     */
    public Builder cluster(String... someUris) {
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
    public Builder keyPrefix(String newKeyPrefix) {
      var unused = new RedisKeys(newKeyPrefix);
      this.keyPrefix = newKeyPrefix;
      return this;
    }

    /**
     * How long a request may wait for Redis; 50 ms by default.
     *
     * @throws IllegalArgumentException if it is below a millisecond
     */
    public Builder timeout(Duration newTimeout) {
      if (newTimeout.toMillis() < 1) {
        throw new IllegalArgumentException(
            "the timeout is " + Spans.exact(newTimeout) + "; it must be 1 ms or more");
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
    public Builder spin(Duration newSpin) {
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
    public Builder lateness(Duration newLateness) {
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
    public Builder maxWaiting(int newMaxWaiting) {
      if (newMaxWaiting < 1) {
        throw new IllegalArgumentException(
            "maxWaiting is " + newMaxWaiting + "; it must be 1 or more");
      }
      this.maxWaiting = newMaxWaiting;
      return this;
    }

    /** What is decided without Redis under rules that do not say; to allow, by default. */
    public Builder onError(OnError newOnError) {
      this.onError = newOnError;
      return this;
    }

    /**
     * Whether the limiter logs that it decides without Redis, a warning for each outage, and that
     * it decides with it again; true by default. Who tells of it otherwise turns it off.
     */
    public Builder logOutages(boolean newLogsOutages) {
      this.logsOutages = newLogsOutages;
      return this;
    }

    /**
     * The share of a limit that this process admits where it judges alone ({@code on_error:
     * local}): one half where two share the work; the whole by default.
     *
     * @throws IllegalArgumentException if it is not above 0 and at most 1
     */
    public Builder localShare(double newLocalShare) {
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
    public Builder localMaxRows(long newLocalMaxRows) {
      var unused = InMemoryBackend.builder().maxRows(newLocalMaxRows);
      this.localMaxRows = newLocalMaxRows;
      return this;
    }

    /** The algorithms that rows may be of; the standard ones by default. */
    public Builder algorithms(Algorithms newAlgorithms) {
      this.algorithms = newAlgorithms;
      return this;
    }

    /**
     * When Redis is left alone, or one server of a cluster; by default where half of 20 calls
     * failed, for half a second. A call may carry many requests.
     */
    public Builder circuitBreaker(CircuitBreakerConfig newBreaker) {
      this.breaker = newBreaker;
      return this;
    }

    /**
     * What is not judged, though limits apply to it: none by default. The request is denied as
     * {@link io.weir.limiter.Reason#INVALID_REQUEST}, and nothing is asked of Redis.
     *
     * @param newRefusal says in a sentence why not; empty where it is judged
     */
    public Builder refuse(Function<Match, Optional<String>> newRefusal) {
      this.refusal = newRefusal;
      return this;
    }

    /** This machine's clock, which has no say in what Redis decides. */
    Builder clock(InstantSource newClock) {
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
      List<ConnectFailure> away = new ArrayList<>();
      RedisBackend backend = buildBackend(away::add);
      RuleBasedRateLimiter limiter = new RuleBasedRateLimiter(rules, backend, clock, refusal);
      if (!logsOutages) {
        return new RedisRateLimiter(limiter, backend, decision -> {});
      }
      OutageLog log = new OutageLog("RedisRateLimiter[" + backend + "]", System::nanoTime);
      away.forEach(log::awayAtStart);
      return new RedisRateLimiter(limiter, backend, log::decided);
    }

    /**
     * What the limiter is built on, for those who match rules themselves; {@link #refuse} and
     * {@link #logOutages} mean nothing then. Waits for the first connection, but not for a Redis
     * that is away.
     *
     * @throws RedisUnavailableException if Redis is there and refuses the connection, for a wrong
     *     password say, or what is there does not speak its protocol
     */
    public RedisBackend buildBackend() {
      return buildBackend(failure -> {});
    }

    /**
     * As the public one.
     *
     * @param away is told why there is no connection, if there is none
     */
    private RedisBackend buildBackend(Consumer<ConnectFailure> away) {
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
      failure.ifPresentOrElse(away, backend::warmUp);
      return backend;
    }

    private GuardedScript guarded(Script script, Supplier<Server> server, LettuceClient client) {
      return new GuardedScript(script, server, client.timer(), timeout);
    }
  }
}
