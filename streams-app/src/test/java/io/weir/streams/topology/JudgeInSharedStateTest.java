package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.Decision;
import io.weir.limiter.Once;
import io.weir.limiter.OnceBackend;
import io.weir.limiter.OnceDecision;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

/** That decisions are sent in order, whenever the answers come. */
class JudgeInSharedStateTest {
  private static final Limit LIMIT = Limit.fixedWindow(5, Duration.ofMinutes(1));
  private static final KeyText IDENTIFIER = KeyText.of("api/user_id=1");

  private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
  private final HeldAnswers held = new HeldAnswers();
  private final List<Decision> told = Collections.synchronizedList(new ArrayList<>());

  private JudgeInSharedState judge(int maxWaiting) {
    DecisionSender decisions =
        new DecisionSender(
            context,
            "sink",
            "decisions",
            WeirSerdes.from(AvroSerdes.over(new InProcessSchemaRegistryClient())),
            new TopologyMetrics(new SimpleMeterRegistry()));
    return new JudgeInSharedState(
        context,
        decisions,
        new SharedState(held, maxWaiting, Duration.ofSeconds(10), told::add),
        TopologySettings.DEFAULT);
  }

  @Test
  void decisionsAreSentInTheOrderOfTheRequests() throws Exception {
    JudgeInSharedState judge = judge(100);
    take(judge, "a", "b", "c");
    held.answer(2);
    held.answer(1);
    look();
    assertThat(sent()).isEmpty();
    held.answer(0);
    look();
    assertThat(sent()).containsExactly("a", "b", "c");
    assertThat(told).hasSize(3);
  }

  @Test
  void decisionIsLookedForUntilAllAreSent() throws Exception {
    JudgeInSharedState judge = judge(100);
    take(judge, "a", "b");
    assertThat(context.scheduledPunctuators()).hasSize(1);
    held.answer(0);
    look();
    assertThat(context.scheduledPunctuators().get(0).cancelled()).isFalse();
    held.answer(1);
    look();
    assertThat(context.scheduledPunctuators().get(0).cancelled()).isTrue();
    take(judge, "c");
    assertThat(context.scheduledPunctuators()).hasSize(2);
  }

  @Test
  void allAreWaitedForBeforeACommit() throws Exception {
    JudgeInSharedState judge = judge(100);
    take(judge, "a", "b");
    answerWhenWaitedFor(0, 1);
    judge.sendAll();
    assertThat(sent()).containsExactly("a", "b");
    assertThat(context.scheduledPunctuators().get(0).cancelled()).isTrue();
  }

  @Test
  void noMoreIsAskedForThanMayWait() throws Exception {
    JudgeInSharedState judge = judge(4);
    take(judge, "a", "b");
    answerWhenWaitedFor(0);
    take(judge, "c");
    assertThat(sent()).containsExactly("a");
    assertThat(held.asked).hasSize(3);
  }

  @Test
  void correctionIsAskedForAlone() throws Exception {
    JudgeInSharedState judge = judge(100);
    take(judge, "a");
    answerWhenWaitedFor(0, 1);
    judge.take(List.of(check("b", new CheckTask.Refund(1, 0))), 7);
    assertThat(sent()).containsExactly("a", "b");
  }

  @Test
  void whatIsNotSentWhenATaskIsGivenUpIsForgotten() throws Exception {
    JudgeInSharedState judge = judge(100);
    take(judge, "a");
    judge.close();
    held.answer(0);
    judge.sendAll();
    assertThat(sent()).isEmpty();
  }

  private static void take(JudgeInSharedState judge, String... ids) throws Exception {
    for (String id : ids) {
      judge.take(List.of(check(id, new CheckTask.Charge(1))), 7);
    }
  }

  private static RequestCheck check(String id, CheckTask task) {
    return new RequestCheck(
        id,
        "api",
        IDENTIFIER,
        List.of(
            new ApplicableLimit(KeyText.of("api/user_id=1|#"), "rule", LIMIT, LimitMode.ENFORCED)),
        task,
        1,
        Optional.empty());
  }

  private void look() {
    context.scheduledPunctuators().stream()
        .filter(each -> !each.cancelled())
        .forEach(each -> each.getPunctuator().punctuate(0));
  }

  private List<String> sent() {
    return context.forwarded().stream()
        .map(each -> each.record().headers().lastHeader(DecidedRequest.REQUEST_ID_HEADER))
        .map(header -> new String(header.value(), StandardCharsets.UTF_8))
        .toList();
  }

  /** Each as soon as this thread waits for it. */
  private void answerWhenWaitedFor(int... numbers) {
    Thread waiting = Thread.currentThread();
    Thread answering =
        new Thread(
            () -> {
              for (int number : numbers) {
                await().until(() -> held.asked.size() > number);
                await().until(() -> waiting.getState() == Thread.State.WAITING);
                held.answer(number);
              }
            });
    answering.setDaemon(true);
    answering.start();
  }

  /** Answers when a test says so. */
  private static final class HeldAnswers implements OnceBackend {
    private final List<CompletableFuture<Decision>> asked =
        Collections.synchronizedList(new ArrayList<>());

    void answer(int number) {
      asked.get(number).complete(Decision.withoutLimits(new Match(List.of(), true, 1), number));
    }

    @Override
    public CompletionStage<Decision> judgeAsync(Match match, long cost) {
      CompletableFuture<Decision> decision = new CompletableFuture<>();
      asked.add(decision);
      return decision;
    }

    @Override
    public CompletionStage<Decision> refundAsync(Match match, long cost, long chargedAtMillis) {
      return judgeAsync(match, cost);
    }

    @Override
    public Decision judge(Match match, long cost) {
      throw new UnsupportedOperationException("nobody waits");
    }

    @Override
    public Decision refund(Match match, long cost, long chargedAtMillis) {
      throw new UnsupportedOperationException("nobody waits");
    }

    @Override
    public Decision reset(Match match) {
      throw new UnsupportedOperationException("nobody waits");
    }

    @Override
    public CompletionStage<OnceDecision> judgeOnceAsync(Match match, long cost, Once once) {
      throw new UnsupportedOperationException("there is no horizon");
    }

    @Override
    public CompletionStage<OnceDecision> refundOnceAsync(
        Match match, long cost, long chargedAtMillis, Once once) {
      throw new UnsupportedOperationException("there is no horizon");
    }

    @Override
    public CompletionStage<OnceDecision> resetOnceAsync(Match match, Once once) {
      throw new UnsupportedOperationException("there is no horizon");
    }

    @Override
    public void close() {}
  }
}
