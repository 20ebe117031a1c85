package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.outbound.OutboundTimer.Scheduled;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks no faster than a limit, or no more than a number of them at once, or both.
 *
 * <pre>{@code
 * try (var executor =
 *     RateLimitedExecutor.builder()
 *         .rate(Limit.tokenBucket(10, Duration.ofSeconds(1)))
 *         .concurrency(4)
 *         .build()) {
 *   orders.forEach(order -> executor.submit(() -> send(order)));
 * }
 * }</pre>
 *
 * <p>Tasks start in arrival order. A task waits for a place first and for its tokens then, so the
 * bound of the rate holds for the moments at which tasks start. Each runs on a virtual thread where
 * the JVM has them, else on a thread of a pool; or where the builder says.
 *
 * <p>Thread-safe.
 */
public final class RateLimitedExecutor implements Executor, AutoCloseable {
  private static final Logger LOG = System.getLogger(RateLimitedExecutor.class.getName());

  private final OutboundContext context;
  private final Turnstile turnstile;
  private final Optional<OutboundRateLimiter> limiter;
  private final boolean ownLimiter;
  private final Executor workers;
  private final Optional<ExecutorService> ownWorkers;

  /** All that wait or run. */
  private final Set<ExecutorTask<?>> tasks = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /** Completes when one of those who close has ended what was left. */
  private final CompletableFuture<Void> closing = new CompletableFuture<>();

  private RateLimitedExecutor(Builder builder) {
    OutboundContext all = builder.context();
    this.context = all;
    this.ownLimiter = builder.rate.isPresent();
    this.limiter =
        builder.rate.isPresent()
            ? builder.rate.map(it -> new TokenBucketRateLimiter(all.queueless(), it))
            : builder.limiter;
    this.turnstile =
        new Turnstile(
            all, builder.concurrency.map(most -> new ConcurrencyGate(all, most)), limiter);
    this.ownWorkers =
        builder.workers == null ? Optional.of(Workers.create(all.name())) : Optional.empty();
    this.workers = builder.workers == null ? ownWorkers.orElseThrow() : builder.workers;
  }

  /** Settings to start from; a rate or a concurrency, or both, must be set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Settings from properties {@code weir.outbound.<name>.…}: {@code requests}, {@code period},
   * {@code burst}, {@code concurrency}, {@code max.waiting}, {@code max.wait}. Other settings can
   * be set on the builder.
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
          Builder builder = builder();
          settings.limit("").ifPresent(builder::rate);
          settings.integer("concurrency", 1, builder::concurrency);
          return builder;
        });
  }

  /** The settings of an executor. */
  public static final class Builder extends OutboundBuilder<Builder> {
    private Optional<Limit> rate = Optional.empty();
    private Optional<OutboundRateLimiter> limiter = Optional.empty();
    private Optional<Integer> concurrency = Optional.empty();
    private @Nullable Executor workers;

    Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * How fast tasks may start.
     *
     * @throws IllegalArgumentException if the limit is no {@link Limit#tokenBucket}, or of 0
     *     requests
     */
    public Builder rate(Limit limit) {
      rate = Optional.of(Bucket.requireUsable(limit));
      return this;
    }

    /**
     * How fast tasks may start, by a limiter that others may use as well. It is not closed with the
     * executor, and bounds who waits on its own, too.
     */
    public Builder limiter(OutboundRateLimiter newLimiter) {
      limiter = Optional.of(newLimiter);
      return this;
    }

    /**
     * How many tasks may run at once.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder concurrency(int most) {
      concurrency = Optional.of(requireConcurrency(most));
      return this;
    }

    /**
     * Runs the tasks; it is not closed with the executor. It should do so on threads of its own:
     * where it runs tasks on the thread that gives them, one may run inside the end of another, and
     * a place that is freed meanwhile on that thread goes on when it is done. If not set, a virtual
     * thread for each task, or threads of a pool where the JVM has none.
     */
    public Builder workers(Executor newWorkers) {
      workers = newWorkers;
      return this;
    }

    /**
     * The executor.
     *
     * @throws IllegalStateException if neither a rate nor a concurrency is set, or a rate and a
     *     limiter
     */
    public RateLimitedExecutor build() {
      if (rate.isEmpty() && limiter.isEmpty() && concurrency.isEmpty()) {
        throw new IllegalStateException("set a rate, a limiter or a concurrency, else why wait");
      }
      if (rate.isPresent() && limiter.isPresent()) {
        throw new IllegalStateException(
            "both a rate ("
                + rate.get()
                + ") and a limiter ("
                + limiter.get().name()
                + ") are set; set one, as the limiter has a rate of its own");
      }
      return new RateLimitedExecutor(this);
    }
  }

  static int requireConcurrency(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("concurrency is " + most + "; it must be 1 or more");
    }
    return most;
  }

  /**
   * Runs a task of one token at its turn; what it throws is logged.
   *
   * @throws NullPointerException if there is no task
   * @throws OutboundRejectedException if as many tasks wait as may
   * @throws RejectedExecutionException if the executor is closed
   */
  @Override
  public void execute(Runnable task) {
    Objects.requireNonNull(task, "task");
    var unused =
        submit(
                () -> {
                  task.run();
                  return task;
                })
            .whenComplete(
                (done, failure) -> {
                  if (failure != null && !(failure instanceof CancellationException)) {
                    LOG.log(Level.WARNING, "a task of '" + context.name() + "' failed", failure);
                  }
                });
  }

  /** Runs a task of one token at its turn, see the other method. */
  public <T> CompletableFuture<T> submit(Callable<T> task) {
    return submit(task, 1, context.maxWait());
  }

  /**
   * Runs a task at its turn.
   *
   * @param tokens what the task costs, 1 or more; it does not matter where there is no rate
   * @param deadline the longest time that it may wait to start
   * @return what the task returns, or throws. Cancelling it before a worker has begun it gives its
   *     place and its reservation or its tokens back; while it runs, {@code cancel(true)}
   *     interrupts it. It fails with {@link RateLimitWaitException} if it cannot start in time
   * @throws NullPointerException if there is no task
   * @throws IllegalArgumentException if the tokens are not from 1 to the limit's burst
   * @throws OutboundRejectedException if as many tasks wait as may
   * @throws RejectedExecutionException if the executor is closed
   */
  public <T> CompletableFuture<T> submit(Callable<T> task, long tokens, Duration deadline) {
    Objects.requireNonNull(task, "task");
    if (closed) {
      throw closedException();
    }
    ExecutorTask<T> running = new ExecutorTask<>(task, workers);
    tasks.add(running);
    var unused = running.ended.whenComplete((nothing, failure) -> tasks.remove(running));
    if (closed) {
      // It came while the doors closed: those who close may have looked already.
      RejectedExecutionException why = closedException();
      running.fail(why);
      throw why;
    }
    try {
      running.begin(turnstile, tokens, deadline);
    } catch (Throwable e) {
      running.fail(e);
      throw e;
    }
    running.rethrowRejection();
    return running;
  }

  private RejectedExecutionException closedException() {
    return new RejectedExecutionException("'" + context.name() + "' is closed");
  }

  /** How many tasks wait to start. */
  public int waiting() {
    return turnstile.waiting();
  }

  /** How many tasks wait or run. */
  public int unfinished() {
    return tasks.size();
  }

  /**
   * Goes on with another limit, see {@link OutboundRateLimiter#updateRateLimit}.
   *
   * @throws IllegalStateException if there is no rate
   */
  public void updateRateLimit(Limit limit) {
    limiter
        .orElseThrow(() -> new IllegalStateException("'" + context.name() + "' has no rate"))
        .updateRateLimit(limit);
  }

  /**
   * Takes no more tasks and returns when all are done, however long those that wait still have to.
   * If the thread is interrupted, it cancels and interrupts those that are not, and returns.
   *
   * @throws IllegalStateException if a task of the executor calls it, which would wait for itself
   */
  @Override
  public void close() {
    close(Times.FOREVER);
  }

  /**
   * Takes no more tasks and returns when all are done, or after a time; then those that wait are
   * cancelled and those that run are interrupted. Calling it again does nothing; if several threads
   * do at once, the first whose time is over ends it for all.
   *
   * @return whether all were done in time
   * @throws IllegalStateException if a task of the executor calls it, which would wait for itself
   */
  public boolean close(Duration timeout) {
    requireNoTask(Thread.currentThread());
    closed = true;
    boolean drained = awaitEnd(timeout);
    if (!closing.complete(null)) {
      return drained;
    }
    if (!drained) {
      tasks.forEach(task -> task.cancel(true));
    }
    turnstile.close();
    if (ownLimiter) {
      limiter.ifPresent(OutboundRateLimiter::close);
    }
    ownWorkers.ifPresent(ExecutorService::shutdown);
    context.close(RateLimitedExecutor.class);
    return drained;
  }

  private void requireNoTask(Thread thread) {
    if (tasks.stream().anyMatch(task -> task.isRunBy(thread))) {
      throw new IllegalStateException(
          "a task of '"
              + context.name()
              + "' closes it and would wait for itself; close it"
              + " elsewhere");
    }
  }

  private boolean awaitEnd(Duration timeout) {
    List<ExecutorTask<?>> left = List.copyOf(tasks);
    CompletableFuture<Void> all =
        CompletableFuture.allOf(
            left.stream().map(task -> task.ended).toArray(CompletableFuture<?>[]::new));
    if (!all.isDone() && !closing.isDone()) {
      awaitEither(all, timeout);
    }
    if (all.isDone()) {
      left.forEach(ExecutorTask::awaitResult);
    }
    return all.isDone();
  }

  private void awaitEither(CompletableFuture<Void> all, Duration timeout) {
    CompletableFuture<Void> expired = new CompletableFuture<>();
    Scheduled alarm = () -> {};
    try {
      if (timeout.compareTo(Times.FOREVER) < 0) {
        alarm = context.timer().schedule(() -> expired.complete(null), timeout);
      }
      CompletableFuture.anyOf(all, expired, closing).get();
    } catch (RuntimeException e) {
      // The timer is closed or fails, so nothing ends in time any more.
      LOG.log(Level.DEBUG, () -> "the timer of '" + context.name() + "' failed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      alarm.cancel();
    }
  }

  @Override
  public String toString() {
    return "RateLimitedExecutor["
        + context.name()
        + ": "
        + tasks.size()
        + " tasks"
        + (closed ? ", closed]" : "]");
  }
}
