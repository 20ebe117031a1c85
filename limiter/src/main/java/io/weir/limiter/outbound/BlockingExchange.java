package io.weir.limiter.outbound;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request with all its attempts, on the thread that wants it. */
final class BlockingExchange<T> {
  private final Attempts attempts;
  private final Sender<T> sender;
  private final Function<Duration, CompletableFuture<Void>> elapsed;

  /** Sends a request once. */
  @FunctionalInterface
  interface Sender<T> {
    HttpResponse<T> send() throws IOException, InterruptedException;
  }

  /**
   * A request that is not sent yet.
   *
   * @param elapsed completes after a pause
   */
  BlockingExchange(
      Attempts attempts, Sender<T> sender, Function<Duration, CompletableFuture<Void>> elapsed) {
    this.attempts = attempts;
    this.sender = sender;
    this.elapsed = elapsed;
  }

  /** Sends it until there is an answer to keep, or a failure that ends it. */
  HttpResponse<T> send() throws IOException, InterruptedException {
    while (true) {
      attempts.begin();
      Optional<Duration> pause;
      IOException failure = null;
      try {
        HttpResponse<T> response = sender.send();
        pause = attempts.pauseAfterAnswer();
        if (pause.isEmpty()) {
          return response;
        }
      } catch (IOException e) {
        pause = attempts.pauseAfter(e);
        if (pause.isEmpty()) {
          throw e;
        }
        failure = e;
      } catch (RuntimeException e) {
        Optional<IOException> told = HttpFailures.ofLimiter(e);
        if (told.isPresent()) {
          throw told.get();
        }
        throw e;
      }
      await(pause.get(), failure);
    }
  }

  private void await(Duration pause, @Nullable IOException failure)
      throws IOException, InterruptedException {
    try {
      Calls.await(elapsed.apply(pause));
    } catch (IllegalStateException | RejectedExecutionException e) {
      throw HttpFailures.notSentAgain(e, failure);
    }
  }
}
