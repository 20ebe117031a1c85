package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.RateLimitExceededException;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Methods that return stages and publishers, and who makes their calls. */
class RateLimitedAsyncTest extends RateLimitedKit {
  @Test
  void aStageFailsWhereTheCallIsDenied() {
    run(
        reports -> {
          for (int i = 1; i <= 3; i++) {
            assertThat(reports.renderLater(ALICE).toCompletableFuture()).isCompletedWithValue(i);
          }
          assertThat(reports.threads()).containsOnly(Thread.currentThread());

          assertThat(reports.renderLater(ALICE).toCompletableFuture())
              .failsWithin(Duration.ZERO)
              .withThrowableThat()
              .withCauseInstanceOf(RateLimitExceededException.class);
          assertThat(reports.calls()).isEqualTo(3);
          assertThat(reports.failLater(BOB))
              .failsWithin(Duration.ZERO)
              .withThrowableThat()
              .withMessageContaining("not even begun");
        });
  }

  @Test
  void aStageWhoseAnswerComesLaterIsCalledByOthersThanWhoBringsTheAnswer() {
    backend.hold();
    run(
        reports -> {
          CompletableFuture<Integer> result = reports.renderLater(ALICE).toCompletableFuture();
          assertThat(result).isNotDone();

          backend.answers.remove().run();

          Awaitility.await().untilAsserted(() -> assertThat(result).isCompletedWithValue(1));
          assertThat(reports.threads()).doesNotContain(Thread.currentThread());
        });
  }

  @Test
  void whatWaitedIsCalledOnTheExecutorOfTheApplication() {
    Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    run(
        application.withBean("applicationTaskExecutor", Executor.class, () -> tasks::add),
        reports -> {
          backend.hold();
          CompletionStage<Integer> later = reports.renderLater(ALICE);
          backend.answers.remove().run();

          assertThat(tasks).hasSize(1);
          assertThat(reports.calls()).isZero();
          tasks.remove().run();
          assertThat(later.toCompletableFuture().join()).isEqualTo(1);
        });
  }

  @Test
  void eachSubscriptionIsACall() {
    run(
        reports -> {
          Mono<Integer> mono = reports.renderMono(ALICE);
          assertThat(reports.calls()).isZero();
          assertThat(mono.block()).isEqualTo(1);
          assertThat(mono.block()).isEqualTo(2);
          assertThat(reports.renderFlux(ALICE).collectList().block()).containsExactly(0, 1, 2);

          assertThatThrownBy(mono::block).isInstanceOf(RateLimitExceededException.class);
          assertThatThrownBy(() -> reports.renderFlux(ALICE).collectList().block())
              .isInstanceOf(RateLimitExceededException.class);
          assertThat(reports.calls()).isEqualTo(3);
          assertThatThrownBy(() -> reports.failMono(BOB).block()).hasMessage("not even begun");
        });
  }

  @Test
  void aSubscriberWhoseAnswerComesLaterIsNotServedByWhoBringsIt() {
    backend.hold();
    run(
        reports -> {
          CompletableFuture<Integer> result = reports.renderMono(ALICE).toFuture();
          assertThat(result).isNotDone();

          backend.answers.remove().run();

          Awaitility.await().untilAsserted(() -> assertThat(result).isCompletedWithValue(1));
          assertThat(reports.threads()).doesNotContain(Thread.currentThread());
        });
  }

  @Test
  void aMethodThatReturnsNullFailsAsThatWouldWithoutALimit() {
    run(
        reports -> {
          assertThat(reports.nullLater(ALICE)).isNull();
          assertThatThrownBy(() -> Objects.requireNonNull(reports.nullMono(ALICE)).block())
              .isInstanceOf(NullPointerException.class)
              .hasMessage("Reports.nullMono returned null; it must return a Mono");
          backend.hold();
          CompletionStage<Integer> later = Objects.requireNonNull(reports.nullLater(ALICE));
          backend.answers.remove().run();
          assertThat(later.toCompletableFuture())
              .failsWithin(Duration.ofSeconds(10))
              .withThrowableThat()
              .withCauseInstanceOf(NullPointerException.class)
              .withMessageContaining("Reports.nullLater returned null");
        });
  }
}
