package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RateLimitAnswer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link HttpClient} that stays under the limits of the servers it calls.
 *
 * <pre>{@code
 * HttpClient client =
 *     RateLimitedHttpClient.builder(
 *             HttpClient.newHttpClient(), Limit.tokenBucket(10, Duration.ofSeconds(1)))
 *         .retry(retry -> retry.attempts(3))
 *         .build();
 * }</pre>
 *
 * <p>Each request takes one token of its endpoint's limiter, see {@link EndpointRateLimiter}; what
 * no pattern matches has one limiter for each host. Each limiter follows the server's answers, see
 * {@link AdaptiveRateLimiter}. Everything else is passed through: cookies, redirects (which take no
 * tokens), proxies, versions, pushes and WebSockets are those of the client underneath, and so are
 * the answers, refusals too. An answer that a redirect to another host (or another port) led to is
 * not followed: it says nothing of the one that was asked.
 *
 * <p>A request's timeout counts from the call: it is the longest wait for its turn, and what is
 * left after the wait is the timeout of the exchange. If its turn cannot come in time, the request
 * fails at once with HttpTimeoutException. If as many wait as may, or the client is closed, it
 * fails with IOException. The cause of either is what the limiter said.
 *
 * <p>Nothing is sent twice unless {@link Builder#retry} says so; {@link RetrySettings} says what is
 * safe to.
 *
 * <p>Thread-safe.
 */
public final class RateLimitedHttpClient extends DelegatingHttpClient implements AutoCloseable {
  private final EndpointRateLimiter endpoints;
  private final OutboundContext context;

  /** Whether an answer may be of another host than the one that was asked. */
  private final boolean redirects;

  private final RetrySettings retry;
  private final Duration longest;
  private final LongSupplier clockMillis;

  private final Pauses pauses;
  private final UnderWay underWay;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RateLimitedHttpClient(Builder builder) {
    super(builder.client);
    this.context = builder.context();
    this.redirects = builder.client.followRedirects() != Redirect.NEVER;
    this.endpoints = builder.endpoints(context);
    this.pauses = new Pauses(context);
    this.underWay = new UnderWay(context.name());
    this.retry = builder.retry.copy();
    this.longest = builder.adaptive.longest();
    SteadyTime time = new SteadyTime(context.clock());
    this.clockMillis =
        () -> {
          synchronized (time) {
            return time.millis();
          }
        };
  }

  /**
   * Settings to start from.
   *
   * @param client the client underneath; it is not closed with this one
   * @param perHost the limit of each host as long as it says nothing itself
   * @throws IllegalArgumentException if the limit is no {@link Limit#tokenBucket}, or of 0 requests
   */
  public static Builder builder(HttpClient client, Limit perHost) {
    return new Builder(client, perHost);
  }

  /**
   * Settings from properties {@code weir.outbound.<name>.…}: those of {@link EndpointRateLimiter}
   * for the limit of each host, where {@code adaptive} is true if not set, and {@code
   * retry.attempts}, {@code retry.total}, {@code retry.first.pause}. Other settings can be set on
   * the builder.
   *
   * @param client the client underneath; it is not closed with this one
   * @param name the name in the properties, and the object's name; of letters, digits, dashes and
   *     underscores
   * @param properties strings by strings, as {@link java.util.Properties} or another map
   * @throws IllegalArgumentException if a setting is unknown, missing or wrong; the message names
   *     it and what would be right
   */
  public static Builder builder(HttpClient client, String name, Map<?, ?> properties) {
    return OutboundBuilder.of(
        name,
        properties,
        settings -> {
          Builder builder = builder(client, settings.limit());
          builder.adaptive.read(settings);
          settings.truth("adaptive", follows -> builder.follows = follows);
          builder.endpoints.readEndpoints(settings);
          builder.retry.read(settings);
          return builder;
        });
  }

  /** The settings of a client. */
  public static final class Builder extends OutboundBuilder<Builder> {
    private final HttpClient client;
    private final EndpointRateLimiter.Builder endpoints;
    private final AdaptiveSettings adaptive = new AdaptiveSettings();
    private final RetrySettings retry = new RetrySettings();
    private boolean follows = true;

    Builder(HttpClient client, Limit perHost) {
      this.client = client;
      this.endpoints = EndpointRateLimiter.builder(perHost).limit("/**", perHost);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The limit of the endpoints that a pattern matches, see {@link EndpointRateLimiter}. The host
     * of an endpoint has a port where the URI has one, and a pattern must say it, too.
     *
     * @throws IllegalArgumentException if the pattern is none, or the limit is no {@link
     *     Limit#tokenBucket}, or of 0 requests
     */
    public Builder limit(String pattern, Limit limit) {
      endpoints.limit(pattern, limit);
      return this;
    }

    /**
     * How many requests of each limiter may be under way at once; any number if not set.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder concurrency(int most) {
      endpoints.concurrency(most);
      return this;
    }

    /** See {@link EndpointRateLimiter.Builder#maxEndpoints}. */
    public Builder maxEndpoints(int most) {
      endpoints.maxEndpoints(most);
      return this;
    }

    /** See {@link EndpointRateLimiter.Builder#idleAfter}. */
    public Builder idleAfter(Duration duration) {
      endpoints.idleAfter(duration);
      return this;
    }

    /** Sets how the servers' words are followed. */
    public Builder adaptive(Consumer<AdaptiveSettings> change) {
      change.accept(adaptive);
      return this;
    }

    /** Keeps to the limits that are set, whatever the servers say. */
    public Builder notAdaptive() {
      follows = false;
      return this;
    }

    /** Has requests be sent again where that is safe; else nothing is sent twice. */
    public Builder retry(Consumer<RetrySettings> change) {
      change.accept(retry);
      return this;
    }

    private EndpointRateLimiter endpoints(OutboundContext context) {
      return endpoints.build(context, follows ? Optional.of(adaptive) : Optional.empty());
    }

    /**
     * The client.
     *
     * @throws IllegalArgumentException if answers are followed and the minimum is above the maximum
     */
    public RateLimitedHttpClient build() {
      return new RateLimitedHttpClient(this);
    }
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Attempts attempts = attempts(request, handler);
    UnderWay.Blocking sending = new UnderWay.Blocking();
    underWay.add(sending);
    try {
      return new BlockingExchange<>(
              attempts, () -> sendOnce(request, handler, attempts), pauses::begin)
          .send();
    } finally {
      sending.complete(null);
    }
  }

  private <T> HttpResponse<T> sendOnce(
      HttpRequest request, BodyHandler<T> handler, Attempts attempts)
      throws IOException, InterruptedException {
    HeardAnswer heard = new HeardAnswer(request, endpoints, redirects);
    try {
      return endpoints.execute(
          heard.endpoint(),
          () -> {
            HttpResponse<T> response =
                Objects.requireNonNull(
                    client.send(attempts.timed(), watched(heard, handler, attempts)),
                    AsyncExchange.NO_RESPONSE);
            heard.end(response);
            return response;
          },
          1,
          attempts.deadline());
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return sendAsync(request, handler, null);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    Attempts attempts = attempts(request, handler);
    AsyncExchange<T> exchange =
        new AsyncExchange<>(
            attempts,
            () -> {
              HeardAnswer heard = new HeardAnswer(request, endpoints, redirects);
              return endpoints.executeAsync(
                  heard.endpoint(),
                  () ->
                      heard.ending(
                          start(
                              attempts.timed(),
                              watched(heard, handler, attempts),
                              pushPromiseHandler)),
                  1,
                  attempts.deadline());
            },
            pauses::begin);
    try {
      underWay.add(exchange);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    exchange.attempt();
    return exchange;
  }

  private <T> CompletableFuture<HttpResponse<T>> start(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    return pushPromiseHandler == null
        ? client.sendAsync(request, handler)
        : client.sendAsync(request, handler, pushPromiseHandler);
  }

  private Attempts attempts(HttpRequest request, BodyHandler<?> handler) {
    // Before anything is sent or taken.
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(handler, "handler");
    return new Attempts(request, retry, clockMillis, context.maxWait());
  }

  private <T> BodyHandler<T> watched(HeardAnswer heard, BodyHandler<T> handler, Attempts attempts) {
    return attempts.watching(handler, this::read, heard::hear);
  }

  private RateLimitAnswer read(ResponseInfo info) {
    return RateLimitAnswer.parse(
        info.statusCode(), info.headers()::allValues, context.wallClock().instant(), longest);
  }

  /** The limiters of the endpoints, to look at them and to update them. */
  public EndpointRateLimiter endpoints() {
    return endpoints;
  }

  /**
   * Sends nothing any more: requests that wait, for their turn or to be sent again, fail with
   * IOException, those that are under way are left alone. The client underneath stays open.
   */
  @Override
  public void close() {
    underWay.shut();
    end();
  }

  private void end() {
    if (closed.compareAndSet(false, true)) {
      pauses.refuse();
      endpoints.close();
      pauses.endAll();
    }
  }

  // Since JDK 21 a HttpClient has the following, which would do nothing.

  /**
   * Takes no more requests, which fail with IOException, and closes when those that it has are
   * done. It returns at once.
   */
  public void shutdown() {
    underWay.shut();
    var unused = underWay.terminated().thenRun(this::end);
  }

  /**
   * Closes, and cancels the requests that are under way by {@code sendAsync}; those by {@code send}
   * are left alone.
   */
  public void shutdownNow() {
    close();
    underWay.cancelAll();
  }

  /** Whether it takes no more requests, and all that it had are done. */
  public boolean isTerminated() {
    return underWay.terminated().isDone();
  }

  /**
   * Waits until it takes no more requests, and all that it had are done.
   *
   * @param timeout the longest wait
   * @return whether that is so
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return underWay.await(timeout);
  }

  @Override
  public String toString() {
    return "RateLimitedHttpClient[" + context.name() + ": " + endpoints + "]";
  }
}
