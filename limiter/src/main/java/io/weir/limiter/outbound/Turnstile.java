package io.weir.limiter.outbound;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Concurrency and rate together. A call waits for a place first and for its tokens then: the other
 * way round, tokens taken long ago would let calls start in a crowd when places become free. So the
 * bound of the rate holds for the starts of calls. Places are given on in arrival order, and so are
 * tokens, to those who have a place; where threads leave at the same moment, those who get their
 * places may ask for tokens in another order. Thread-safe.
 */
final class Turnstile {
  private final OutboundContext context;
  private final Listeners listeners;
  private final Optional<ConcurrencyGate> gate;
  private final Optional<OutboundRateLimiter> limiter;
  private final SteadyTime time;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean closed;

  /**
   * A turnstile.
   *
   * @param gate bounds how many calls may be under way, others may have it as well; empty where
   *     that has no bound
   * @param limiter how fast they may start; its own bound on who waits should not be lower than
   *     that of the context
   */
  Turnstile(
      OutboundContext context,
      Optional<ConcurrencyGate> gate,
      Optional<OutboundRateLimiter> limiter) {
    this.context = context;
    this.listeners = new Listeners(context.listeners(), Turnstile.class);
    this.gate = gate;
    this.limiter = limiter;
    this.time = new SteadyTime(context.clock());
  }

  /**
   * A call that may start; to be abandoned if it does not, else closed when it ended. Thread-safe.
   */
  final class Permit implements AutoCloseable {
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final Optional<Turn> turn;
    private final long tokens;

    private Permit(Optional<Turn> turn, long tokens) {
      this.turn = turn;
      this.tokens = tokens;
      adaptive().ifPresent(AdaptiveRateLimiter::began);
    }

    /** The call starts: its tokens are spent. */
    void begin() {
      turn.ifPresent(it -> queue().keep(it));
    }

    /** The call does not start: its tokens are there for others, and so is its place. */
    void abandon() {
      turn.ifPresent(it -> queue().giveBack(it));
      close();
      if (turn.isEmpty()) {
        listeners.onGivenBack(context.name(), tokens);
      }
    }

    /** Calling it again does nothing. */
    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        adaptive().ifPresent(AdaptiveRateLimiter::ended);
        gate.ifPresent(ConcurrencyGate::leave);
      }
    }
  }

  /** The way through: a future that knows what it waits for, to cancel that. */
  private static final class Passage extends KnowingFuture<Permit> {
    private volatile @Nullable CompletableFuture<?> stage;

    void waitFor(CompletableFuture<?> next) {
      stage = next;
      cancelStage();
    }

    void cancelStage() {
      CompletableFuture<?> current = stage;
      if (isDone() && current != null) {
        current.cancel(false);
      }
    }
  }

  /**
   * Asks to pass, see {@link OutboundRateLimiter#reserve}.
   *
   * @throws IllegalArgumentException if the tokens are not from 1 to the limit's burst
   */
  CompletableFuture<Permit> enter(long tokens, Duration deadline) {
    Times.requireNotNegative("deadline", deadline);
    if (closed) {
      return rejected(tokens, new IllegalStateException("'" + context.name() + "' is closed"));
    }
    Optional<RuntimeException> refusal = certainRefusal(tokens, deadline);
    if (refusal.isPresent()) {
      return rejected(tokens, refusal.get());
    }
    Passage passage = new Passage();
    var unused = passage.whenComplete((permit, failure) -> passage.cancelStage());
    boolean forPlace;
    try {
      forPlace = begin(passage, tokens, deadline);
    } catch (Throwable e) {
      passage.completeExceptionally(e);
      throw e;
    }
    if (!passage.isDone()) {
      // Counted now, because who got through at once never waited.
      int ahead = waiting.getAndIncrement();
      var unusedToo = passage.whenComplete((permit, failure) -> waiting.decrementAndGet());
      if (ahead >= context.maxWaiting()) {
        reject(passage, tokens, new OutboundRejectedException(context.name(), ahead));
      } else if (forPlace) {
        // Told last: the place may be there meanwhile, and a listener may do anything.
        listeners.onWait(
            new OutboundWait(
                context.name(), tokens, OutboundWait.Cause.CONCURRENCY, Optional.empty(), ahead));
      }
    }
    return passage;
  }

  private void reject(Passage passage, long tokens, RuntimeException why) {
    if (passage.completeExceptionally(why)) {
      listeners.onRejected(context.name(), tokens, why);
    }
  }

  /** Whatever ends in time, the rate alone would take too long. */
  private Optional<RuntimeException> certainRefusal(long tokens, Duration deadline) {
    if (gate.isEmpty() || limiter.isEmpty()) {
      return Optional.empty();
    }
    TurnQueue queue = queue();
    queue.requireTokens(tokens);
    Duration wait = queue.waitFor(tokens);
    return wait.compareTo(deadline) <= 0
        ? Optional.empty()
        : Optional.of(new RateLimitWaitException(context.name(), tokens, wait, deadline));
  }

  private CompletableFuture<Permit> rejected(long tokens, RuntimeException why) {
    listeners.onRejected(context.name(), tokens, why);
    return CompletableFuture.failedFuture(why);
  }

  /** Takes a place, or begins to wait for one; whether it does. */
  private boolean begin(Passage passage, long tokens, Duration deadline) {
    if (gate.isEmpty()) {
      takeTokens(passage, tokens, deadline, 0);
      return false;
    }
    long beganMillis = millis();
    CompletableFuture<Void> place = gate.get().enter(deadline);
    boolean waits = !place.isDone();
    if (!waits && !place.isCompletedExceptionally()) {
      takeTokens(passage, tokens, deadline, 0);
      return false;
    }
    passage.waitFor(place);
    var unused =
        place.whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                afterPlace(passage, tokens, deadline, beganMillis);
              } else if (passage.completeExceptionally(failure)) {
                listeners.onRejected(context.name(), tokens, asRuntime(failure));
              }
            });
    return waits;
  }

  private void afterPlace(Passage passage, long tokens, Duration deadline, long beganMillis) {
    long waitedMillis;
    try {
      waitedMillis = millis() - beganMillis;
    } catch (Throwable e) {
      // The clock is somebody else's.
      gate.ifPresent(ConcurrencyGate::leave);
      passage.completeExceptionally(e);
      return;
    }
    if (waitedMillis > Times.millis(deadline)) {
      // The timer is late, else it would wait no more.
      gate.ifPresent(ConcurrencyGate::leave);
      reject(passage, tokens, new RateLimitWaitException(context.name(), deadline));
      return;
    }
    try {
      takeTokens(passage, tokens, left(deadline, waitedMillis), waitedMillis);
    } catch (Throwable e) {
      // The burst was lowered meanwhile.
      passage.completeExceptionally(e);
    }
  }

  /** Needs a place, where places are counted; gives it back if there are no tokens for it. */
  private void takeTokens(Passage passage, long tokens, Duration deadline, long waitedMillis) {
    Optional<Turn> turn;
    try {
      turn = limiter.map(it -> TurnQueue.of(it).enter(tokens, deadline));
    } catch (Throwable e) {
      gate.ifPresent(ConcurrencyGate::leave);
      throw e;
    }
    CompletableFuture<Void> come =
        turn.isPresent() ? turn.get() : CompletableFuture.completedFuture(null);
    passage.waitFor(come);
    var unused =
        come.whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                // Before the place, whose next one would else wait behind it.
                turn.ifPresent(it -> queue().withdraw(it));
                gate.ifPresent(ConcurrencyGate::leave);
                passage.completeExceptionally(failure);
                return;
              }
              Permit permit = new Permit(turn, tokens);
              if (turn.isEmpty()) {
                // Where there is a limiter, that tells it.
                listeners.onAcquired(context.name(), tokens, Duration.ofMillis(waitedMillis));
              }
              if (!passage.complete(permit)) {
                permit.abandon();
              }
            });
  }

  /** Runs a call on this thread, see {@link OutboundRateLimiter#execute}. */
  <T> T run(Callable<T> call, long tokens, Duration deadline) throws Exception {
    CompletableFuture<Permit> passage = enter(tokens, deadline);
    Calls.await(passage);
    try (Permit permit = passage.join()) {
      permit.begin();
      return call.call();
    }
  }

  /**
   * Starts a call, see {@link OutboundRateLimiter#executeAsync}.
   *
   * <p>The permit is closed before the result completes.
   */
  <T> CompletableFuture<T> start(
      Supplier<? extends CompletionStage<T>> call, long tokens, Duration deadline) {
    CompletableFuture<Permit> passage = enter(tokens, deadline);
    return Calls.start(
        passage,
        () -> {
          passage.join().begin();
          return call.get();
        },
        context.executor(),
        () -> {
          if (!passage.isCompletedExceptionally()) {
            passage.join().abandon();
          }
        },
        () -> passage.join().close());
  }

  /** How many wait, for a place or for tokens. */
  int waiting() {
    return waiting.get();
  }

  /** How many are under way or hold a place; 0 where places are not counted. */
  int underWay() {
    return gate.map(ConcurrencyGate::underWay).orElse(0);
  }

  /** Refuses who comes, and fails who waits for a place; the limiter is closed by who made it. */
  void close() {
    closed = true;
    gate.ifPresent(
        it -> it.failAll(new IllegalStateException("'" + context.name() + "' was closed")));
  }

  /** Where calls wait for tokens; there must be a limiter. */
  private TurnQueue queue() {
    return TurnQueue.of(limiter.orElseThrow());
  }

  private Optional<AdaptiveRateLimiter> adaptive() {
    return limiter.flatMap(
        it -> it instanceof AdaptiveRateLimiter found ? Optional.of(found) : Optional.empty());
  }

  private static Duration left(Duration deadline, long waitedMillis) {
    return Duration.ofMillis(Times.millis(deadline) - waitedMillis);
  }

  private static RuntimeException asRuntime(Throwable failure) {
    return failure instanceof RuntimeException found ? found : new IllegalStateException(failure);
  }

  private long millis() {
    synchronized (time) {
      return time.millis();
    }
  }
}
