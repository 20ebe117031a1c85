package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CallsTest {
  /** A thread is interrupted in the moment in which its turn comes. */
  private static final class Raced extends CompletableFuture<Void> {
    @Override
    public Void get() throws InterruptedException {
      throw new InterruptedException();
    }
  }

  @Test
  void anInterruptionThatComesWithTheTurnIsLeftToTheCall() throws Exception {
    Raced turn = new Raced();
    turn.complete(null);

    boolean seen = Calls.run(turn, Thread::interrupted);
    assertThat(seen).isTrue();
  }

  @Test
  void anInterruptionThatComesWithARefusalEndsInTheRefusal() {
    Raced turn = new Raced();
    turn.completeExceptionally(new IllegalStateException("closed"));

    assertThatIllegalStateException().isThrownBy(() -> Calls.await(turn)).withMessage("closed");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatATurnFailsWithIsThrownAsItIsOrWrapped() {
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> Calls.await(CompletableFuture.failedFuture(new Exception("checked"))))
        .withMessageContaining("checked");
    CompletableFuture<Void> cancelled = new CompletableFuture<>();
    cancelled.cancel(false);
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> Calls.await(cancelled));
    assertThat(Calls.cause(new CompletionException(null))).isInstanceOf(CompletionException.class);
  }

  @Test
  void aWaitSaysForWhatHowLongAndHowManyAreAhead() {
    assertThat(
            new OutboundWait(
                "api", 1, OutboundWait.Cause.BUCKET, Optional.of(Duration.ofMillis(1_200)), 3))
        .hasToString("'api' waits for the bucket for 1200 ms (1 token, 3 ahead)");
    assertThat(new OutboundWait("api", 2, OutboundWait.Cause.CONCURRENCY, Optional.empty(), 0))
        .hasToString("'api' waits for calls that are under way (2 tokens, 0 ahead)");
  }
}
