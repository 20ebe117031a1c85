package io.weir.limiter.outbound;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One asynchronous request with all its attempts. */
final class AsyncExchange<T> extends KnowingFuture<HttpResponse<T>> {
  /** What is wrong with a client that says neither what came nor what failed. */
  static final String NO_RESPONSE = "the client underneath returned null instead of a response";

  private final Attempts attempts;
  private final Supplier<CompletableFuture<HttpResponse<T>>> send;
  private final Function<Duration, CompletableFuture<Void>> elapsed;
  private volatile @Nullable CompletableFuture<?> stage;

  /**
   * A request that is not sent yet.
   *
   * @param send sends it once
   * @param elapsed completes after a pause
   */
  AsyncExchange(
      Attempts attempts,
      Supplier<CompletableFuture<HttpResponse<T>>> send,
      Function<Duration, CompletableFuture<Void>> elapsed) {
    this.attempts = attempts;
    this.send = send;
    this.elapsed = elapsed;
    var unused = whenComplete((response, failure) -> endStage());
  }

  void attempt() {
    if (isDone()) {
      return;
    }
    try {
      attempts.begin();
      CompletableFuture<HttpResponse<T>> sent = send.get();
      waitFor(sent);
      var unused = sent.whenComplete(this::after);
    } catch (Throwable e) {
      completeExceptionally(asTold(e));
    }
  }

  private void after(@Nullable HttpResponse<T> response, @Nullable Throwable failure) {
    try {
      Throwable cause = failure == null ? null : Calls.cause(failure);
      Optional<Duration> pause =
          cause == null ? attempts.pauseAfterAnswer() : attempts.pauseAfter(cause);
      if (pause.isPresent()) {
        again(pause.get(), cause);
      } else if (cause != null) {
        completeExceptionally(asTold(cause));
      } else {
        complete(Objects.requireNonNull(response, NO_RESPONSE));
      }
    } catch (Throwable e) {
      // Chance and clocks are the caller's.
      completeExceptionally(e);
    }
  }

  private void again(Duration pause, @Nullable Throwable cause) {
    CompletableFuture<Void> over = elapsed.apply(pause);
    waitFor(over);
    var unused =
        over.whenComplete(
            (nothing, ended) -> {
              if (ended == null) {
                attempt();
              } else {
                completeExceptionally(HttpFailures.notSentAgain(ended, cause));
              }
            });
  }

  private void waitFor(CompletableFuture<?> next) {
    stage = next;
    if (isDone()) {
      endStage();
    }
  }

  /** Whoever completed it: what still waits is not wanted, what runs is ended if cancelled. */
  private void endStage() {
    CompletableFuture<?> current = stage;
    if (current == null) {
      return;
    }
    if (isCancelled()) {
      current.cancel(true);
    } else {
      current.completeExceptionally(new IllegalStateException("the request is done otherwise"));
    }
  }

  private static Throwable asTold(Throwable failure) {
    return HttpFailures.ofLimiter(failure).map(Throwable.class::cast).orElse(failure);
  }
}
