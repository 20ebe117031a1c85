package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.spring.Reports.Account;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.context.ApplicationContext;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Calls of annotated methods that nobody waits for any more. */
class RateLimitedCancelTest extends RateLimitedKit {
  @Test
  void whoDoesNotWaitForTheTurnGivesItBack() {
    application.run(
        context -> {
          Reports reports = context.getBean(Reports.class);
          RateLimiter limiter = context.getBean(RateLimiter.class);
          Request turn = Request.of("api", "route", "/turn").peek();
          assertThat(reports.renderInTurn()).isEqualTo(1);
          assertThat(limiter.check(turn).delayMillis()).isEqualTo(60_000);

          CompletableFuture<Integer> waiting = reports.renderInTurnLater();
          assertThat(waiting).isNotDone();
          assertThat(limiter.check(turn).delayMillis()).isEqualTo(120_000);
          waiting.cancel(false);
          assertThat(limiter.check(turn).delayMillis()).isEqualTo(60_000);

          Disposable subscription = reports.renderInTurnMono().subscribe();
          assertThat(limiter.check(turn).delayMillis()).isEqualTo(120_000);
          subscription.dispose();
          assertThat(limiter.check(turn).delayMillis()).isEqualTo(60_000);

          Thread.currentThread().interrupt();
          assertThatThrownBy(reports::renderInTurn)
              .isInstanceOf(IllegalStateException.class)
              .hasCauseInstanceOf(InterruptedException.class);
          assertThat(Thread.interrupted()).isTrue();
          Thread.currentThread().interrupt();
          assertThatThrownBy(reports::renderInTurnOrInterrupted)
              .isInstanceOf(InterruptedException.class);
          assertThat(limiter.check(turn).delayMillis()).isEqualTo(60_000);
          assertThat(reports.calls()).isEqualTo(1);
        });
  }

  @Test
  void whoCancelsTheResultCancelsWhatTheMethodReturned() {
    application.run(
        context -> {
          Reports reports = context.getBean(Reports.class);
          assertThat(reports.renderSlowly(ALICE).cancel(true)).isTrue();
          assertThat(reports.pending()).isCancelled();
          assertThat(reports.calls()).isEqualTo(1);
        });
  }

  @Test
  void whoCancelsTheResultOfACallThatWaitedCancelsWhatTheMethodReturned() {
    Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    backend.hold();
    application
        .withBean("applicationTaskExecutor", Executor.class, () -> tasks::add)
        .run(
            context -> {
              Reports reports = context.getBean(Reports.class);
              CompletableFuture<Integer> result = reports.renderSlowly(ALICE);
              backend.answers.remove().run();
              tasks.remove().run();
              assertThat(reports.calls()).isEqualTo(1);

              assertThat(result.cancel(true)).isTrue();

              assertThat(reports.pending()).isCancelled();
            });
  }

  @Test
  void whoCancelsBeforeTheExecutorBeginsMakesNoCallAndHasTheTokensBack() {
    Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    backend.hold();
    application
        .withBean("applicationTaskExecutor", Executor.class, () -> tasks::add)
        .run(
            context -> {
              Reports reports = context.getBean(Reports.class);
              CompletionStage<Integer> result = reports.renderLater(ALICE);
              backend.answers.remove().run();
              assertThat(remaining(context)).isEqualTo(2);

              result.toCompletableFuture().cancel(false);
              assertThat(remaining(context)).isEqualTo(3);
              tasks.forEach(Runnable::run);

              assertThat(reports.calls()).isZero();
              assertThat(remaining(context)).as("given back once").isEqualTo(3);
            });
  }

  @Test
  void whereTheExecutorTakesNothingTheCallFailsAndTheTokensAreGivenBack() {
    backend.hold();
    application
        .withBean(
            "applicationTaskExecutor",
            Executor.class,
            () ->
                task -> {
                  throw new RejectedExecutionException("full");
                })
        .run(
            context -> {
              Reports reports = context.getBean(Reports.class);
              CompletionStage<Integer> result = reports.renderLater(ALICE);
              backend.answers.remove().run();

              assertThat(result.toCompletableFuture())
                  .failsWithin(Duration.ZERO)
                  .withThrowableThat()
                  .withCauseInstanceOf(RejectedExecutionException.class);
              assertThat(reports.calls()).isZero();
              assertThat(remaining(context)).isEqualTo(3);
            });
  }

  @Test
  void whoCancelsASubscriptionBeforeTheCallHasTheTokensBack() {
    backend.hold();
    application.run(
        context -> {
          Reports reports = context.getBean(Reports.class);
          hasTheTokensBack(context, reports::renderMono);
          hasTheTokensBack(context, reports::renderFlux);
        });
  }

  /** Cancels when the permit is there, and the thread that is to make the call has not begun. */
  private void hasTheTokensBack(
      ApplicationContext context, Function<Account, Publisher<Integer>> method) {
    Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    Schedulers.onScheduleHook("held", task -> () -> tasks.add(task));
    try {
      Disposable subscription = Flux.from(method.apply(ALICE)).subscribe();
      backend.answers.remove().run();
      Awaitility.await().until(() -> !tasks.isEmpty());
      assertThat(remaining(context)).isEqualTo(2);

      subscription.dispose();

      assertThat(remaining(context)).isEqualTo(3);
      tasks.forEach(Runnable::run);
      assertThat(context.getBean(Reports.class).calls()).isZero();
      assertThat(remaining(context)).as("given back once").isEqualTo(3);
    } finally {
      Schedulers.resetOnScheduleHook("held");
    }
  }

  @Test
  void whoCancelsASubscriptionAfterTheCallHasNothingBack() {
    application.run(
        context -> {
          Reports reports = context.getBean(Reports.class);

          Disposable subscription = reports.renderNever(ALICE).subscribe();
          assertThat(reports.calls()).isEqualTo(1);
          subscription.dispose();

          assertThat(remaining(context)).isEqualTo(2);
        });
  }

  private static long remaining(ApplicationContext context) {
    return context
        .getBean(RateLimiter.class)
        .check(Request.of("api", "account", "alice").peek())
        .statuses()
        .get(0)
        .remaining();
  }
}
