package io.weir.limiter.spring;

import io.weir.limiter.AsyncGuard;
import io.weir.limiter.Decision;
import io.weir.limiter.Guard;
import io.weir.limiter.Request;
import io.weir.limiter.http.RateLimitHeaders;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;

/** What one call must be allowed by all of its rules: one after the other, all or nothing. */
final class Permits {
  /** One question to the limiter of a rule. */
  record Asked(RuleLimiter rule, Request request) {}

  /** What one question took. */
  record Taken(Asked asked, Decision decision) {}

  /** What was taken for one call. */
  record Permit(List<Taken> taken) {
    Permit {
      taken = List.copyOf(taken);
    }

    /** Whether a decision was made without the state that it should be made by. */
    boolean isDegraded() {
      return taken.stream().anyMatch(each -> each.decision().degraded());
    }

    /** Tells of such decisions. */
    void tell(RateLimitHeaders.Answer answer) {
      taken.forEach(each -> RateLimitHeaders.tellDegraded(answer, each.decision()));
    }

    /**
     * For who makes no call after all. Nobody waits for the answer, and what fails here is only a
     * token less for who has some.
     */
    void giveBack() {
      for (Taken each : taken) {
        AsyncGuard.of(each.asked().rule().async())
            .giveBack(each.asked().request(), each.decision());
      }
    }
  }

  /**
   * How calls wait for their turns.
   *
   * @param maxWait the longest time; who would wait longer is denied
   * @param places of threads that wait, whatever for
   */
  record Waiting(Duration maxWait, Semaphore places) {
    /**
     * As settings say.
     *
     * @throws WeirStartException if one makes no sense
     */
    static Waiting of(WeirProperties properties) {
      Duration maxWait = properties.maxWait();
      if (maxWait.isNegative()) {
        throw WeirStartException.ofSetting(
            "weir.max-wait", "maxWait is " + Spans.exact(maxWait) + "; it must be 0 or more");
      }
      int maxWaiting = properties.annotations().maxWaiting();
      if (maxWaiting < 0) {
        throw WeirStartException.ofSetting(
            "weir.annotations.max-waiting",
            "maxWaiting is " + maxWaiting + "; it must be 0 or more");
      }
      return new Waiting(maxWait, new Semaphore(maxWaiting));
    }
  }

  private final Supplier<Waiting> waiting;

  /**
   * Permits.
   *
   * @param waiting asked when the first call is made, or {@link #requireSense}, and not before
   */
  Permits(Supplier<Waiting> waiting) {
    this.waiting = SingletonSupplier.of(waiting);
  }

  /**
   * Looks at the settings, which are there when all beans are.
   *
   * @throws WeirStartException if one makes no sense
   */
  void requireSense() {
    var unused = waiting.get();
  }

  /**
   * Takes the tokens of all and waits for their turns.
   *
   * @throws io.weir.limiter.RateLimitExceededException if one denies; then nothing is taken
   * @throws InterruptedException if the thread is interrupted while it waits; then nothing is taken
   */
  Permit acquire(List<Asked> all) throws InterruptedException {
    List<Taken> taken = new ArrayList<>();
    for (Asked asked : all) {
      try {
        taken.add(new Taken(asked, guard(asked.rule()).acquire(asked.request())));
      } catch (InterruptedException | RuntimeException e) {
        new Permit(taken).giveBack();
        throw e;
      }
    }
    return new Permit(taken);
  }

  private Guard guard(RuleLimiter rule) {
    return Guard.of(rule.limiter())
        .maxWait(waiting.get().maxWait())
        .maxWaiting(waiting.get().places());
  }

  /**
   * As above, without holding a thread. Who cancels the result before it is there has taken
   * nothing.
   */
  CompletableFuture<Permit> acquireAsync(List<Asked> all) {
    Asking asking = new Asking(all.iterator());
    asking.next();
    return asking.result;
  }

  private final class Asking {
    private final CompletableFuture<Permit> result = new CompletableFuture<>();
    private final Iterator<Asked> rest;
    private final List<Taken> taken = new ArrayList<>();

    Asking(Iterator<Asked> rest) {
      this.rest = rest;
    }

    void next() {
      if (!rest.hasNext()) {
        Permit permit = new Permit(taken);
        if (!result.complete(permit)) {
          permit.giveBack();
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
                  new Permit(taken).giveBack();
                  result.completeExceptionally(failure);
                }
              });
    }

    private CompletableFuture<Decision> ask(Asked asked) {
      try {
        AsyncGuard guard = AsyncGuard.of(asked.rule().async());
        return guard.maxWait(waiting.get().maxWait()).acquire(asked.request());
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }
}
