package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.tck.FakeClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final long PAUSE_NANOS = 20_000_000;

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger pauses = new AtomicInteger();
  private final List<Request> asked = new ArrayList<>();
  private final FakeClock clock = new FakeClock(FakeGateway.NOW);
  private boolean isStopped;
  private final WarmUp warmUp = new WarmUp(() -> FakeGateway.RULES, now::get, this::pause);
  private final InMemoryBackend memory = InMemoryBackend.builder().clock(clock).build();
  private final RuleBasedRateLimiter limiter =
      new RuleBasedRateLimiter(warmUp::rules, memory, clock, match -> Optional.empty());

  private boolean pause() {
    pauses.incrementAndGet();
    now.addAndGet(PAUSE_NANOS);
    return !isStopped;
  }

  @Test
  void itAsksByRulesOfItsOwnAndChargesNobody() {
    List<Decision> decisions = new ArrayList<>();

    warmUp.run(
        asking(
            number ->
                limiter
                    .checkAsync(asked.get(number))
                    .thenApply(
                        decision -> {
                          decisions.add(decision);
                          return decision;
                        })));

    assertThat(asked).hasSize(WarmUp.CHECKS).allMatch(request -> request.cost() == 0);
    assertThat(decisions)
        .allSatisfy(
            decision -> {
              assertThat(decision.statuses()).hasSize(5);
              assertThat(decision.isAllowed()).isTrue();
            });
    assertThat(memory.rows()).as("rows that it wrote").isZero();
    assertThat(warmUp.rules()).as("the rules after it").isSameAs(FakeGateway.RULES);
    assertThat(pauses).hasValue(0);
  }

  @Test
  void itGoesOnUntilRedisHasAnsweredSeveralTimesInARow() {
    warmUp.run(
        asking(
            number ->
                number == 3
                    ? CompletableFuture.failedStage(new IllegalStateException("late"))
                    : limiter.checkAsync(asked.get(number))));

    assertThat(asked).hasSize(4 + WarmUp.CHECKS);
    assertThat(pauses).hasValue(1);
  }

  @Test
  void withoutRedisItGivesUpInTime() {
    warmUp.run(asking(number -> CompletableFuture.failedStage(new IllegalStateException("away"))));

    assertThat(now.get()).isEqualTo(WarmUp.PATIENCE.toNanos());
    assertThat(warmUp.rules()).isSameAs(FakeGateway.RULES);
  }

  @Test
  void aStopEndsIt() {
    isStopped = true;

    warmUp.run(asking(number -> CompletableFuture.failedStage(new IllegalStateException("away"))));

    assertThat(asked).hasSize(1);
  }

  private AsyncRateLimiter asking(IntFunction<CompletionStage<Decision>> answers) {
    return new AsyncRateLimiter() {
      @Override
      public CompletionStage<Decision> checkAsync(Request request) {
        asked.add(request);
        return answers.apply(asked.size() - 1);
      }

      @Override
      public CompletionStage<DescriptorsDecision> checkDescriptorsAsync(
          DescriptorsRequest request) {
        throw new UnsupportedOperationException();
      }

      @Override
      public CompletionStage<Decision> refundAsync(Request request, long chargedAtMillis) {
        throw new UnsupportedOperationException();
      }

      @Override
      public CompletionStage<Decision> resetAsync(Request request) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {}
    };
  }
}
