package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.BackendUnavailableException;
import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.OnceBackend;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.IdentifierException;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.tck.FakeClock;
import io.weir.schemas.Operation;
import io.weir.schemas.Reason;
import io.weir.schemas.RequestEvent;
import io.weir.streams.store.DuplicateBounds;
import io.weir.streams.testkit.WeirDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the stream does where it judges by state that others share. */
class SharedStateTest {
  private static final Instant START = WeirDriver.START;
  private static final String RULES =
      """
      domain: api
      descriptors:
        - {key: user_id, rate_limit: {unit: minute, requests_per_unit: 2}}
        - {key: ip, rate_limit: {unit: minute, requests_per_unit: 3}}
      """;

  private final FakeClock clock = new FakeClock(START.toEpochMilli());
  private final InMemoryBackend memory = InMemoryBackend.builder().clock(clock).build();

  @Test
  void streamAndSynchronousCallersSpendFromOneBudget() {
    try (WeirDriver weir = open(new OnceInMemory(memory))) {
      assertThat(check(weir, "a", START).getReason()).isEqualTo(Reason.WITHIN_LIMIT);
      Match match = weir.rulesInForce().match("api", Map.of("user_id", "1", "ip", "::1"));
      assertThat(memory.judge(match, 1).isAllowed()).isTrue();
      io.weir.schemas.Decision denied = check(weir, "b", START);
      assertThat(denied.getReason()).isEqualTo(Reason.OVER_LIMIT);
      assertThat(denied.getStatuses()).hasSize(2);
      assertThat(memory.judge(match, 0).statuses())
          .extracting(status -> status.remaining())
          .contains(0L, 1L);
    }
  }

  @Test
  void waitCountsFromTheRequestsOwnTimeAndTheStateHasTheClock() {
    try (WeirDriver weir = open(new OnceInMemory(memory))) {
      clock.set(START.toEpochMilli() + 10_000);
      check(weir, "a", START);
      check(weir, "b", START);
      io.weir.schemas.Decision denied = check(weir, "c", START.plusSeconds(4));
      assertThat(denied.getEventTime()).isEqualTo(START.plusSeconds(4));
      assertThat(denied.getEvaluationTime()).isEqualTo(START.plusSeconds(10));
      assertThat(denied.getRetryAfterMs()).isEqualTo(56_000);
      assertThat(denied.getStatuses().get(0).getRetryAfterMs()).isEqualTo(56_000);
      // One from ahead of the state's clock may be admitted at once when its time comes.
      clock.set(START.toEpochMilli() + 59_000);
      assertThat(check(weir, "d", START.plusSeconds(70)).getRetryAfterMs()).isZero();
    }
  }

  @Test
  void requestThatComesAgainInsideTheHorizonIsChargedOnce() {
    try (WeirDriver weir =
        WeirDriver.open(
            setup ->
                setup
                    .settings(
                        settings -> settings.with(new DuplicateBounds(Duration.ofHours(1), 1_024)))
                    .sharedState(new OnceInMemory(memory)))) {
      rules(weir);
      io.weir.schemas.Decision first = check(weir, "a", START);
      io.weir.schemas.Decision again = check(weir, "a", START);
      assertThat(first.getDuplicate()).isFalse();
      assertThat(again)
          .isEqualTo(io.weir.schemas.Decision.newBuilder(first).setDuplicate(true).build());
      assertThat(weir.meters().get("weir.duplicates").counter().count()).isEqualTo(1);
      // A refund of the same request is another one, and its repetition gives nothing back.
      ask(weir, "a", Operation.REFUND, START, START);
      assertThat(ask(weir, "a", Operation.REFUND, START, START).getDuplicate()).isTrue();
      assertThat(check(weir, "b", START).getReason()).isEqualTo(Reason.WITHIN_LIMIT);
      assertThat(check(weir, "c", START).getReason()).isEqualTo(Reason.WITHIN_LIMIT);
      assertThat(check(weir, "d", START).getReason()).isEqualTo(Reason.OVER_LIMIT);
    }
  }

  @Test
  void whatWasDecidedWithoutTheStateSaysSo() {
    OnceBackend away =
        new OnceInMemory(memory) {
          @Override
          public CompletionStage<Decision> judgeAsync(Match match, long cost) {
            return CompletableFuture.completedStage(
                Decision.unjudged(match, Verdict.ALLOW, "Redis is away", clock.millis()));
          }
        };
    try (WeirDriver weir = open(away)) {
      io.weir.schemas.Decision decision = check(weir, "a", START);
      assertThat(decision.getReason()).isEqualTo(Reason.BACKEND_FAILED);
      assertThat(decision.getVerdict()).isEqualTo(io.weir.schemas.Verdict.ALLOW);
      assertThat(decision.getDegraded()).isTrue();
    }
  }

  @Test
  void correctionThatMayNotHaveBeenMadeIsDeniedAndSaysSo() {
    OnceBackend away =
        new OnceInMemory(memory) {
          @Override
          public CompletionStage<Decision> refundAsync(Match match, long cost, long atMillis) {
            return CompletableFuture.failedStage(
                new BackendUnavailableException("no answer within 50 ms"));
          }

          @Override
          public CompletionStage<Decision> resetAsync(Match match) {
            return refundAsync(match, 1, 0);
          }
        };
    try (WeirDriver weir = open(away)) {
      for (Operation operation : List.of(Operation.REFUND, Operation.RESET)) {
        io.weir.schemas.Decision decision = ask(weir, "a", operation, START, START);
        assertThat(decision.getReason()).isEqualTo(Reason.BACKEND_FAILED);
        assertThat(decision.getVerdict()).isEqualTo(io.weir.schemas.Verdict.DENY);
        assertThat(decision.getMessage())
            .isEqualTo("no answer within 50 ms; it may have been carried out all the same");
      }
    }
  }

  @Test
  void requestThatTheStateCannotBeAskedForIsADeadLetter() {
    OnceBackend narrow =
        new OnceInMemory(memory) {
          @Override
          public CompletionStage<Decision> judgeAsync(Match match, long cost) {
            throw new IdentifierException("the attributes are too long");
          }
        };
    try (WeirDriver weir = open(narrow)) {
      io.weir.schemas.Decision decision = check(weir, "a", START);
      assertThat(decision.getReason()).isEqualTo(Reason.INVALID_REQUEST);
      assertThat(decision.getMessage()).contains("the attributes are too long");
      assertThat(weir.deadLetters()).hasSize(1);
    }
  }

  @Test
  void whatNeedsNoJudgingIsDecidedAsEver() {
    try (WeirDriver weir = open(new OnceInMemory(memory))) {
      weir.request(new RequestEvent("a", "other", Map.of(), 1L, Operation.CHECK, null), START);
      weir.request(
          new RequestEvent("b", "api", Map.of("user_id", ""), 1L, Operation.CHECK, null), START);
      assertThat(weir.decisions())
          .extracting(record -> record.value().getReason())
          .containsExactly(Reason.NO_RULE, Reason.INVALID_REQUEST);
      assertThat(weir.deadLetters()).hasSize(1);
    }
  }

  private static WeirDriver open(OnceBackend backend) {
    WeirDriver weir = WeirDriver.open(setup -> setup.sharedState(backend));
    rules(weir);
    return weir;
  }

  private static void rules(WeirDriver weir) {
    weir.rules(RulesReader.standard().read("rules.yaml", RULES));
  }

  private static io.weir.schemas.Decision check(WeirDriver weir, String id, Instant time) {
    return ask(weir, id, Operation.CHECK, null, time);
  }

  private static io.weir.schemas.Decision ask(
      WeirDriver weir, String id, Operation operation, @Nullable Instant chargedAt, Instant time) {
    weir.request(
        new RequestEvent(id, "api", Map.of("user_id", "1", "ip", "::1"), 1L, operation, chargedAt),
        time);
    return weir.decisions().get(0).value();
  }
}
