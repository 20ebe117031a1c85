package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.rule.KeyText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoalescerTest {
  private final List<CompletableFuture<byte[]>> calls = new ArrayList<>();
  private final List<Integer> keysOfCalls = new ArrayList<>();

  private Coalescer coalescer(Script script, int maxCalls, int maxAsks, int maxQueued) {
    return new Coalescer(
        script,
        new RedisKeys("test:"),
        new Coalescer.Settings(maxCalls, maxAsks, maxQueued, 0, () -> ScriptCall.REDIS_TIME),
        new AtomicInteger(),
        new AtomicLong());
  }

  private CompletionStage<byte[]> record(byte[][] keys, byte[] asked) {
    CompletableFuture<byte[]> call = new CompletableFuture<>();
    calls.add(call);
    keysOfCalls.add(keys.length);
    return call;
  }

  private static List<Waiting> ask(Coalescer coalescer, int count) {
    List<Waiting> asked =
        IntStream.range(0, count)
            .mapToObj(i -> new Waiting(Ask.forget(List.of(KeyText.of("api/user_id=" + i)))))
            .toList();
    asked.forEach(coalescer::ask);
    return asked;
  }

  /** That so many were done. */
  private static byte[] done(int count) {
    ByteBuffer answer = ByteBuffer.allocate(Double.BYTES + count).putDouble(1_000);
    IntStream.range(0, count).forEach(i -> answer.put((byte) 1));
    return answer.array();
  }

  @Test
  void nothingWaitsForCompanyAndWhatComesMeanwhileTravelsTogether() {
    Coalescer coalescer = coalescer(this::record, 2, 4, 100);
    List<Waiting> asked = ask(coalescer, 9);
    // Two travel alone, seven wait; of these four fit the next call.
    assertThat(keysOfCalls).containsExactly(1, 1);
    calls.get(0).complete(done(1));
    assertThat(asked.get(0)).isCompleted();
    assertThat(keysOfCalls).containsExactly(1, 1, 4);
    calls.get(2).complete(done(4));
    calls.get(1).complete(done(1));
    calls.get(3).complete(done(3));
    assertThat(keysOfCalls).containsExactly(1, 1, 4, 3);
    assertThat(asked).allMatch(CompletableFuture::isDone);
  }

  @Test
  void whatNobodyWaitsForAnyMoreIsNotAsked() {
    Coalescer coalescer = coalescer(this::record, 1, 10, 100);
    List<Waiting> asked = ask(coalescer, 4);
    asked.get(1).cancel(false);
    asked.get(2).cancel(false);
    calls.get(0).complete(done(1));
    assertThat(keysOfCalls).containsExactly(1, 1);
  }

  /**
   * As where a slot of a cluster moves: what has several keys may wait for that, others need not.
   */
  @Test
  void whatCannotTravelTogetherIsAskedForEachIdentifier() {
    List<CompletableFuture<byte[]>> together = new ArrayList<>();
    Coalescer coalescer =
        coalescer(
            new Script() {
              @Override
              public CompletionStage<byte[]> run(byte[][] keys, byte[] asked) {
                return record(keys, asked);
              }

              @Override
              public CompletionStage<byte[]> runTogether(byte[][] keys, byte[] asked) {
                together.add(new CompletableFuture<>());
                return together.get(together.size() - 1);
              }
            },
            1,
            10,
            100);
    List<Waiting> asked = new ArrayList<>(ask(coalescer, 3));
    asked.addAll(ask(coalescer, 3));
    together.get(0).complete(done(1));
    together.get(1).completeExceptionally(new KeysApartException("moving", null));
    // Of the first identifier one was answered alone; each of the others has two.
    assertThat(keysOfCalls).containsExactly(1, 1, 1);
    List<Waiting> next = ask(coalescer, 1);
    assertThat(together).as("no more than may be under way").hasSize(2);
    calls.get(0).completeExceptionally(new KeysApartException("still moving", null));
    assertThat(asked.stream().filter(CompletableFuture::isCompletedExceptionally))
        .as("not asked for ever")
        .isNotEmpty();
    calls.get(1).complete(done(2));
    calls.get(2).complete(done(2));
    assertThat(asked).allMatch(CompletableFuture::isDone);
    assertThat(together).hasSize(3);
    together.get(2).complete(done(1));
    assertThat(next.get(0)).isCompleted();
  }

  @Test
  void moreThanMayWaitAreRefused() {
    Coalescer coalescer = coalescer(this::record, 1, 10, 3);
    List<Waiting> asked = ask(coalescer, 6);
    assertThat(asked.stream().filter(CompletableFuture::isCompletedExceptionally)).hasSize(2);
    assertThatThrownBy(() -> asked.get(5).join()).hasMessageContaining("more than 3 requests wait");
  }

  @Test
  void aScriptThatThrowsFailsItsCallAndNoOther() {
    AtomicInteger times = new AtomicInteger();
    Coalescer coalescer =
        coalescer(
            (keys, asked) -> {
              if (times.incrementAndGet() <= 5) {
                throw new IllegalStateException("closed");
              }
              return record(keys, asked);
            },
            2,
            10,
            100);
    assertThat(ask(coalescer, 5)).allMatch(CompletableFuture::isCompletedExceptionally);
    Waiting next = ask(coalescer, 1).get(0);
    calls.get(0).complete(done(1));
    assertThat(next).isCompleted();
  }

  /** As while the breaker is open: each call would begin the next one inside of it. */
  @Test
  void manyCallsThatFailAtOnceTakeNoDeepStack() {
    CompletableFuture<byte[]> first = new CompletableFuture<>();
    AtomicInteger times = new AtomicInteger();
    Coalescer coalescer =
        coalescer(
            (keys, asked) ->
                times.getAndIncrement() == 0
                    ? first
                    : CompletableFuture.failedStage(new IllegalStateException("open")),
            1,
            1,
            200_000);
    List<Waiting> asked = ask(coalescer, 100_000);
    first.complete(done(1));
    assertThat(asked).allMatch(CompletableFuture::isDone);
  }

  @Test
  void anAnswerThatIsNoneFailsItsCall() {
    Coalescer coalescer = coalescer(this::record, 1, 10, 100);
    Waiting short1 = ask(coalescer, 1).get(0);
    calls.get(0).complete(new byte[3]);
    assertThatThrownBy(short1::join).hasMessageContaining("cut off");
    Waiting long1 = ask(coalescer, 1).get(0);
    calls.get(1).complete(done(2));
    assertThatThrownBy(long1::join).hasMessageContaining("1 bytes follow");
    Waiting strange = ask(coalescer, 1).get(0);
    byte[] answer = done(1);
    answer[Double.BYTES] = 9;
    calls.get(2).complete(answer);
    assertThatThrownBy(strange::join).hasMessageContaining("result 9");
  }
}
