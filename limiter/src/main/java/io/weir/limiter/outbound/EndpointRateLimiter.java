package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RateLimitAnswer;
import io.weir.limiter.http.RoutePattern;
import io.weir.limiter.http.ToldLimit;
import io.weir.limiter.outbound.EndpointEntry.Lane;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A limiter for each endpoint of a server, or of several.
 *
 * <pre>{@code
 * EndpointRateLimiter limiter =
 *     EndpointRateLimiter.builder(Limit.tokenBucket(10, Duration.ofSeconds(1)))
 *         .limit("GET /repos/{owner}/**", Limit.tokenBucket(5_000, Duration.ofHours(1)))
 *         .build();
 * limiter.execute("GET /repos/weir/limiter", () -> ask());
 * }</pre>
 *
 * <p><b>Which limiter.</b> An endpoint is a method, a host and a path, as {@code GET
 * api.example.com:8443/repos/weir}; method and host may be left out, and a query counts for
 * nothing. What has a scheme or no slash is none, and an IllegalArgumentException; a host without a
 * dot or a port is written {@code GET //orders/open}, see {@link
 * io.weir.limiter.http.RequestTarget}. A pattern is the same, see {@link
 * io.weir.limiter.http.RoutePattern}: {@code {name}} stands for any one segment and {@code **} at
 * the end for the rest, and {@code GET} is for {@code HEAD}, too. Of the patterns that match, the
 * most specific one counts: compared segment by segment from the left, a literal is before a name,
 * a name before the end of the path, that before {@code **}; then one with a host is before one
 * without, then one with a method. All that a pattern matches shares one limiter, on each host one
 * where the pattern names none. What no pattern matches has a limiter for each method and path,
 * with the default limit; add the pattern {@code /**} where paths hold names without end.
 *
 * <p><b>Resources.</b> Where answers are followed and name the resource that the server counts a
 * request under, as GitHub's {@code X-RateLimit-Resource} does, there is a limiter for each of
 * them: {@code search} and {@code core} are counted apart there though they are one host. A request
 * goes by what the last answer to its method and path named; if there was none, to the longest
 * beginning of that path; else to any that shares its pattern. Up to 16 resources have limiters of
 * their own. Places of {@code concurrency} are shared by all of them, and so is a refusal that is
 * not for one resource's count.
 *
 * <p><b>Names.</b> In logs, exceptions and to listeners a limiter is called as the whole is, and by
 * the host, if one is known, and the pattern: {@code github GET api.github.com/repos/**}. What no
 * pattern matches is {@code (default)}, as a path is of no use in a metric.
 *
 * <p><b>How many.</b> A limiter is made when it is first used. One that is full again and not in
 * use decides as a new one does, so it is forgotten after it was idle for a time, or when room is
 * needed; what an adaptive one has learned goes with it. Where all are in use and no more may be,
 * further endpoints share one limiter for each pattern, with its limit, and those of no pattern one
 * with the default limit.
 *
 * <p>Thread-safe.
 */
public final class EndpointRateLimiter implements AutoCloseable {
  private final OutboundContext context;
  private final EndpointStore store;
  private final Optional<AdaptiveSettings> follows;

  private EndpointRateLimiter(
      Builder builder, OutboundContext context, Optional<AdaptiveSettings> adaptive) {
    this.context = context;
    this.follows = adaptive;
    this.store =
        new EndpointStore(
            context,
            new EndpointLimits(builder.defaults, builder.limits),
            builder.concurrency,
            adaptive,
            builder.maxEndpoints,
            builder.idleAfter);
  }

  /**
   * Settings to start from.
   *
   * @param defaults the limit of what no pattern matches
   * @throws IllegalArgumentException if the limit is no {@link Limit#tokenBucket}, or of 0 requests
   */
  public static Builder builder(Limit defaults) {
    return new Builder(defaults);
  }

  /**
   * Settings from properties {@code weir.outbound.<name>.…}: those of {@link AdaptiveRateLimiter}
   * for the default limit, {@code adaptive} (true or false; false if not set), {@code concurrency},
   * {@code max.endpoints}, {@code idle.after}, and for each pattern {@code endpoint.<any>.pattern}
   * with {@code .requests}, {@code .period} and {@code .burst}. Other settings can be set on the
   * builder.
   *
   * @param name the name in the properties, and the object's name; of letters, digits, dashes and
   *     underscores
   * @param properties strings by strings, as {@link java.util.Properties} or another map
   * @throws IllegalArgumentException if a setting is unknown, missing or wrong; the message names
   *     it and what would be right
   */
  public static Builder builder(String name, Map<?, ?> properties) {
    return OutboundBuilder.of(
        name,
        properties,
        settings -> {
          Builder builder = builder(settings.limit());
          AdaptiveSettings followed = new AdaptiveSettings();
          followed.read(settings);
          settings.truth("adaptive", follows -> builder.adaptive = follows ? followed : null);
          builder.readEndpoints(settings);
          return builder;
        });
  }

  /** The settings of limiters for endpoints. */
  public static final class Builder extends OutboundBuilder<Builder> {
    private static final int DEFAULT_MAX_ENDPOINTS = 1_000;

    private final Limit defaults;
    private final Map<RoutePattern, Limit> limits = new LinkedHashMap<>();
    private Optional<Integer> concurrency = Optional.empty();
    private @Nullable AdaptiveSettings adaptive;
    private int maxEndpoints = DEFAULT_MAX_ENDPOINTS;
    private Duration idleAfter = Duration.ofMinutes(10);

    Builder(Limit defaults) {
      this.defaults = Bucket.requireUsable(defaults);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The limit of the endpoints that a pattern matches; of one that is set again, the last counts.
     * Patterns that differ only in the names of their segments match the same, so they must not
     * have different limits.
     *
     * @throws IllegalArgumentException if the pattern is none, or one that matches the same has
     *     another limit, or the limit is no {@link Limit#tokenBucket}, or of 0 requests
     */
    public Builder limit(String pattern, Limit limit) {
      RoutePattern parsed = RoutePattern.parseWithHost(pattern);
      Bucket.requireUsable(limit);
      limits.forEach(
          (other, itsLimit) -> {
            boolean same = other.shape().equals(parsed.shape()) && !other.equals(parsed);
            if (same && !itsLimit.equals(limit)) {
              throw new IllegalArgumentException(
                  "the patterns '"
                      + other
                      + "' and '"
                      + parsed
                      + "' match the same and have different limits; leave one out");
            }
          });
      limits.put(parsed, limit);
      return this;
    }

    /**
     * How many calls of each limiter may be under way at once; any number if not set.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder concurrency(int most) {
      concurrency = Optional.of(RateLimitedExecutor.requireConcurrency(most));
      return this;
    }

    /** Has each limiter follow the server's answers, see {@link AdaptiveRateLimiter}. */
    public Builder adaptive(Consumer<AdaptiveSettings> change) {
      adaptive = adaptive == null ? new AdaptiveSettings() : adaptive;
      change.accept(adaptive);
      return this;
    }

    /**
     * How many limiters there may be, beside those that further endpoints share, of which each
     * pattern has one; 1,000 if not set.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxEndpoints(int most) {
      if (most < 1) {
        throw new IllegalArgumentException("maxEndpoints is " + most + "; it must be 1 or more");
      }
      maxEndpoints = most;
      return this;
    }

    /**
     * How long a limiter that is not used and full is kept; 10 minutes if not set.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder idleAfter(Duration duration) {
      idleAfter = Times.requireNotNegative("idleAfter", duration);
      return this;
    }

    void readEndpoints(OutboundProperties properties) {
      properties.integer("concurrency", 1, this::concurrency);
      properties.integer("max.endpoints", 1, this::maxEndpoints);
      properties.duration("idle.after", this::idleAfter);
      properties.endpoints(this::limit);
    }

    /**
     * The limiter.
     *
     * @throws IllegalArgumentException if answers are followed and the minimum is above the maximum
     */
    public EndpointRateLimiter build() {
      return build(context(), Optional.ofNullable(adaptive));
    }

    /** The limiter as a part of something that has settings of its own. */
    EndpointRateLimiter build(OutboundContext context, Optional<AdaptiveSettings> followed) {
      return new EndpointRateLimiter(this, context, followed.map(AdaptiveSettings::copy));
    }
  }

  /** Takes tokens now, or nothing, see {@link OutboundRateLimiter#acquire}. */
  public Duration acquire(String endpoint, long tokens) {
    return use(endpoint, lane -> lane.limiter().acquire(tokens));
  }

  /** Takes one token if it is there and nobody waits; whether it did. */
  public boolean tryAcquire(String endpoint) {
    return acquire(endpoint, 1).isZero();
  }

  /** Runs a call of one token at its turn, see {@link OutboundRateLimiter#execute(Callable)}. */
  public <T> T execute(String endpoint, Callable<T> call) throws Exception {
    return execute(endpoint, call, 1, context.maxWait());
  }

  /** Runs a call at its turn, see {@link OutboundRateLimiter#execute(Callable, long, Duration)}. */
  public <T> T execute(String endpoint, Callable<T> call, long tokens, Duration deadline)
      throws Exception {
    Objects.requireNonNull(call, "call");
    EndpointStore.Use use = store.pin(endpoint);
    try {
      return use.lane().turnstile().run(call, tokens, deadline);
    } finally {
      store.unpin(use);
    }
  }

  /** Starts a call of one token, see {@link OutboundRateLimiter#executeAsync(Supplier)}. */
  public <T> CompletableFuture<T> executeAsync(
      String endpoint, Supplier<? extends CompletionStage<T>> call) {
    return executeAsync(endpoint, call, 1, context.maxWait());
  }

  /** Starts a call, see {@link OutboundRateLimiter#executeAsync(Supplier, long, Duration)}. */
  public <T> CompletableFuture<T> executeAsync(
      String endpoint,
      Supplier<? extends CompletionStage<T>> call,
      long tokens,
      Duration deadline) {
    Objects.requireNonNull(call, "call");
    return use(endpoint, lane -> lane.turnstile().start(call, tokens, deadline));
  }

  /**
   * Follows an answer, see {@link AdaptiveRateLimiter#onAnswer(int, Function)}. Where it names the
   * resource that the server counts the request under, the endpoint goes by that resource's limit
   * from now on.
   */
  public void onAnswer(
      String endpoint, int status, Function<String, ? extends @Nullable List<String>> headers) {
    if (follows.isPresent()) {
      onAnswer(
          endpoint,
          RateLimitAnswer.parse(
              status, headers, context.wallClock().instant(), follows.get().longest()));
    }
  }

  /** Follows an answer that was read already. */
  public void onAnswer(String endpoint, RateLimitAnswer answer) {
    if (follows.isEmpty()) {
      return;
    }
    EndpointStore.Use use = store.pinAnswered(endpoint, answer.resource());
    try {
      follow(use.lane(), answer);
      if (isOfAllResources(answer)) {
        RateLimitAnswer refusal =
            new RateLimitAnswer(answer.status(), List.of(), answer.retryAfterMillis());
        store.lanes(use).stream()
            .filter(lane -> !lane.equals(use.lane()))
            .forEach(lane -> follow(lane, refusal));
      }
    } finally {
      store.unpin(use);
    }
  }

  /** A refusal though something is left is not for the count of one resource. */
  private static boolean isOfAllResources(RateLimitAnswer answer) {
    return answer.isRefusal() && answer.limits().stream().noneMatch(ToldLimit::isUsedUp);
  }

  private static void follow(Lane lane, RateLimitAnswer answer) {
    if (lane.limiter() instanceof AdaptiveRateLimiter limiter) {
      limiter.onAnswer(answer);
    }
  }

  /** How long a call would have to wait for tokens, if it came now. */
  Duration waitFor(String endpoint, long tokens) {
    return TurnQueue.of(store.look(endpoint).limiter()).waitFor(tokens);
  }

  /** The limit in force for an endpoint; asking makes no limiter. */
  public Limit limit(String endpoint) {
    return store.look(endpoint).limiter().limit();
  }

  /** Tokens that could be taken for an endpoint now without a wait; asking makes no limiter. */
  public long availableTokens(String endpoint) {
    return store.look(endpoint).limiter().availableTokens();
  }

  /** How many calls wait that share the limiter of an endpoint; asking makes no limiter. */
  public int waiting(String endpoint) {
    return store.look(endpoint).turnstile().waiting();
  }

  /** How many limiters there are, those of several resources counted as one. */
  public int endpoints() {
    return store.size();
  }

  /** The name of the whole, which those of its limiters begin with. */
  public String name() {
    return context.name();
  }

  /**
   * How its limiters stand now, those of one name together.
   *
   * @param name whose is wanted, by its name
   */
  Standing standing(Predicate<String> name) {
    return Standing.of(
        store.lanes().stream().filter(lane -> name.test(lane.limiter().name())).toList());
  }

  /** The names of the limiters that there are now. */
  Set<String> names() {
    return store.lanes().stream().map(lane -> lane.limiter().name()).collect(Collectors.toSet());
  }

  /**
   * Goes on with another limit for a pattern, or for one endpoint, which is a pattern, too: as
   * {@link OutboundRateLimiter#updateRateLimit} does where there is a limiter of just that; else it
   * holds for limiters that are made from now on.
   *
   * @throws IllegalArgumentException if the pattern is none, or the limit is no {@link
   *     Limit#tokenBucket}, or of 0 requests
   */
  public void updateRateLimit(String pattern, Limit limit) {
    RoutePattern parsed = RoutePattern.parseWithHost(pattern);
    Bucket.requireUsable(limit);
    store.put(parsed, limit).forEach(limiter -> limiter.updateRateLimit(limit));
  }

  /** Ends all limiters, see {@link OutboundRateLimiter#close}. */
  @Override
  public void close() {
    store.close();
    context.close(EndpointRateLimiter.class);
  }

  private <R> R use(String endpoint, Function<Lane, R> what) {
    EndpointStore.Use use = store.pin(endpoint);
    try {
      return what.apply(use.lane());
    } finally {
      store.unpin(use);
    }
  }

  @Override
  public String toString() {
    return "EndpointRateLimiter[" + context.name() + ": " + store + "]";
  }
}
