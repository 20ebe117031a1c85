package io.weir.limiter.spring;

import io.weir.limiter.AsyncGuard;
import io.weir.limiter.Decision;
import io.weir.limiter.Guard;
import io.weir.limiter.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one call must be allowed by all of its rules: one after the other, all or nothing. */
final class Permits {
  /** One question to the limiter of a rule. */
  record Asked(RuleLimiter rule, Request request) {}

  private record Taken(Asked asked, Decision decision) {}

  private final Supplier<Duration> maxWait;

  Permits(Supplier<Duration> maxWait) {
    this.maxWait = maxWait;
  }

  /**
   * Takes the tokens of all and waits for their turns.
   *
   * @throws io.weir.limiter.RateLimitExceededException if one denies; then nothing is taken
   * @throws InterruptedException if the thread is interrupted while it waits; then nothing is taken
   */
  void acquire(List<Asked> all) throws InterruptedException {
    List<Taken> taken = new ArrayList<>();
    for (Asked asked : all) {
      try {
        Guard guard = Guard.of(asked.rule().limiter()).maxWait(maxWait.get());
        taken.add(new Taken(asked, guard.acquire(asked.request())));
      } catch (InterruptedException | RuntimeException e) {
        giveBack(taken);
        throw e;
      }
    }
  }

  /**
   * As above, without holding a thread. Who cancels the result before it is there has taken
   * nothing.
   */
  CompletableFuture<@Nullable Void> acquireAsync(List<Asked> all) {
    Asking asking = new Asking(all.iterator());
    asking.next();
    return asking.result;
  }

  private final class Asking {
    private final CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
    private final Iterator<Asked> rest;
    private final List<Taken> taken = new ArrayList<>();

    Asking(Iterator<Asked> rest) {
      this.rest = rest;
    }

    void next() {
      if (!rest.hasNext()) {
        if (!result.complete(null)) {
          giveBack(taken);
        }
        return;
      }
      Asked asked = rest.next();
      CompletableFuture<Decision> decision = ask(asked);
      // Who does not want to wait any more gets the place in the queue back.
      var unused = result.whenComplete((nothing, failure) -> decision.cancel(false));
      var unusedToo =
          decision.whenComplete(
              (allowed, failure) -> {
                if (failure == null) {
                  taken.add(new Taken(asked, allowed));
                  next();
                } else {
                  giveBack(taken);
                  result.completeExceptionally(failure);
                }
              });
    }

    private CompletableFuture<Decision> ask(Asked asked) {
      try {
        return AsyncGuard.of(asked.rule().async()).maxWait(maxWait.get()).acquire(asked.request());
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  /** Nobody waits for the answer, and what fails here is only a token less for who has some. */
  private static void giveBack(List<Taken> taken) {
    for (Taken each : taken) {
      AsyncGuard.of(each.asked().rule().async()).giveBack(each.asked().request(), each.decision());
    }
  }
}
