package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final long START = 1_767_225_600_000L;
  static final RuleSet RULES =
      RuleSet.of(
          DomainRules.of(
              "api",
              Descriptor.key("user_id").limit(RuleLimit.perSecond(2).named("per-user")),
              Descriptor.key("queue")
                  .limit(
                      RuleLimit.perSecond(10)
                          .named("in-turn")
                          .algorithm(new LeakyBucket())
                          .burst(4))));

  /** Judges alone, and gives nothing back. */
  static final class DegradedBackend extends ForwardingBackend {
    DegradedBackend(FakeClock clock) {
      super(InMemoryBackend.builder().clock(clock).build());
    }

    @Override
    public Decision judge(Match match, long cost) {
      return super.judge(match, cost).asDegraded("alone");
    }

    @Override
    public Decision refund(Match match, long cost, long chargedAtMillis) {
      throw new BackendUnavailableException("nobody asks for this");
    }
  }

  private final FakeClock clock = new FakeClock(START);
  private final RuleBasedRateLimiter limiter =
      new RuleBasedRateLimiter(() -> RULES, InMemoryBackend.builder().clock(clock).build(), clock);
  private final Request user = Request.of("api", "user_id", "42");
  private final Request queued = Request.of("api", "queue", "reports");
  private final AtomicInteger calls = new AtomicInteger();
  private final List<Duration> waits = new ArrayList<>();
  private final Guard guard = Guard.of(limiter).waiter(waits::add);

  @Test
  void guardsAndLimitersTellWhatTheyAre() {
    RateLimiter inMemory =
        new RuleBasedRateLimiter(
            () -> RULES, InMemoryBackend.builder().maxRows(7).build(), InstantSource.system());
    assertThat(Guard.of(inMemory))
        .hasToString("Guard[RuleBasedRateLimiter[InMemoryBackend[at most 7 rows]]]");
    assertThat(AsyncGuard.of((AsyncRateLimiter) inMemory).maxWait(Duration.ofSeconds(2)).toString())
        .isEqualTo(
            "AsyncGuard[RuleBasedRateLimiter[InMemoryBackend[at most 7 rows]], waits 2 s at"
                + " most]");
    inMemory.close();
    assertThat(inMemory)
        .hasToString("RuleBasedRateLimiter[InMemoryBackend[at most 7 rows, closed], closed]");
  }

  @Test
  void callsAreMadeUntilTheLimitIsReached() throws Exception {
    assertThat(limiter.guard(user, calls::incrementAndGet)).isEqualTo(1);
    assertThat(limiter.guard(user, calls::incrementAndGet)).isEqualTo(2);

    RateLimitExceededException exceeded =
        catchThrowableOfType(
            RateLimitExceededException.class, () -> limiter.guard(user, calls::incrementAndGet));

    assertThat(exceeded)
        .hasMessage("user_id=42 is over its limit per-user (2 per second); retry in 1 s");
    assertThat(exceeded.decision().retryAfterMillis()).hasValue(1000);
    assertThat(calls).hasValue(2);
  }

  @Test
  void whatTheCallThrowsIsThrownAndTheTokensStayTaken() {
    assertThatThrownBy(
            () ->
                guard.call(
                    user,
                    () -> {
                      throw new IOException("broken");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("broken");

    assertThat(remaining(user)).isEqualTo(1);
  }

  @Test
  void aCostAboveTheLimitIsNeverMade() {
    assertThatThrownBy(() -> guard.call(user.withCost(3), calls::incrementAndGet))
        .isInstanceOf(RateLimitExceededException.class)
        .hasMessage(
            "user_id=42 asks for more than its limit per-user (2 per second) admits at once");
    assertThat(calls).hasValue(0);
  }

  @Test
  void whoIsGivenATurnWaitsForIt() throws Exception {
    for (int i = 0; i < 3; i++) {
      guard.call(queued, calls::incrementAndGet);
    }

    assertThat(calls).hasValue(3);
    assertThat(waits).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
  }

  @Test
  void byDefaultWaitingIsSleeping() throws Exception {
    limiter.guard(queued, calls::incrementAndGet);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> limiter.guard(queued, calls::incrementAndGet))
        .isInstanceOf(InterruptedException.class);

    assertThat(calls).hasValue(1);
    assertThat(limiter.guard(queued, calls::incrementAndGet)).isEqualTo(2);
  }

  @Test
  void whoIsInterruptedWhileWaitingHasTheTokensBack() throws Exception {
    guard.call(queued, calls::incrementAndGet);
    Guard interrupted =
        guard.waiter(
            delay -> {
              throw new InterruptedException();
            });

    assertThatThrownBy(() -> interrupted.call(queued, calls::incrementAndGet))
        .isInstanceOf(InterruptedException.class)
        .hasNoSuppressedExceptions();

    assertThat(calls).hasValue(1);
    guard.call(queued, calls::incrementAndGet);
    assertThat(waits).as("the turn that was given back").containsExactly(Duration.ofMillis(100));
  }

  @Test
  void aWaiterThatFailsGivesTheTokensBackAndARefundThatFailsIsToldBeside() throws Exception {
    guard.call(queued, calls::incrementAndGet);
    Guard failing =
        guard.waiter(
            delay -> {
              limiter.close();
              throw new IllegalStateException("no time");
            });

    assertThatThrownBy(() -> failing.call(queued, calls::incrementAndGet))
        .hasMessage("no time")
        .satisfies(
            failure ->
                assertThat(failure.getSuppressed())
                    .singleElement()
                    .extracting(Throwable::getMessage)
                    .isEqualTo("the limiter is closed"));
  }

  @Test
  void aTurnThatIsTooLateIsDeniedAtOnceAndTakesNothing() throws Exception {
    Guard impatient = guard.maxWait(Duration.ofMillis(150));
    impatient.call(queued, calls::incrementAndGet);
    impatient.call(queued, calls::incrementAndGet);

    RateLimitExceededException tooLate =
        catchThrowableOfType(
            RateLimitExceededException.class, () -> impatient.call(queued, calls::incrementAndGet));

    assertThat(tooLate)
        .hasMessage(
            "queue=reports is over its limit in-turn (10 per second, burst 4); retry in 50 ms");
    assertThat(waits).containsExactly(Duration.ofMillis(100));
    clock.advance(Duration.ofMillis(50));
    impatient.call(queued, calls::incrementAndGet);
    assertThat(waits).last().isEqualTo(Duration.ofMillis(150));
  }

  /** Of two who are refused at once, only the later one could give back its turn. */
  @Test
  void whoIsDeniedForTheWaitHasNothingToGiveBack() throws Exception {
    guard.call(queued, calls::incrementAndGet);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Guard impatient =
        Guard.of(withoutRefunds(limiter))
            .onRefundFailure(failure::set)
            .maxWait(Duration.ofMillis(50));

    for (int i = 0; i < 10; i++) {
      assertThat(impatient.decide(queued).retryAfterMillis()).hasValue(50);
      assertThat(impatient.maxWaiting(0).decide(queued).retryAfterMillis()).hasValue(100);
    }

    assertThat(failure).hasValue(null);
    assertThat(remaining(queued)).isEqualTo(3);
  }

  /** As of one that others have made. */
  @Test
  void aTurnThatIsTooLateAllTheSameIsGivenBack() throws Exception {
    guard.call(queued, calls::incrementAndGet);
    Semaphore places = new Semaphore(1);
    Guard impatient =
        Guard.of(asking(request -> limiter.check(Request.of("api", request.attributes()))))
            .maxWait(Duration.ofMillis(50));
    Guard crowded =
        Guard.of(
                asking(
                    request -> {
                      places.drainPermits();
                      return limiter.check(request);
                    }))
            .maxWaiting(places);

    assertThat(impatient.decide(queued).retryAfterMillis()).hasValue(50);
    assertThat(crowded.decide(queued).retryAfterMillis()).hasValue(100);

    assertThat(remaining(queued)).isEqualTo(3);
  }

  private RateLimiter asking(Function<Request, Decision> check) {
    return new ForwardingLimiter(limiter) {
      @Override
      public Decision check(Request request) {
        return check.apply(request);
      }
    };
  }

  private static RateLimiter withoutRefunds(RateLimiter limiter) {
    return new ForwardingLimiter(limiter) {
      @Override
      public Decision refund(Request request, long chargedAtMillis) {
        throw new AssertionError("there is something to give back");
      }
    };
  }

  @Test
  void aPeekIsNotGivenBack() throws Exception {
    guard.call(queued, calls::incrementAndGet);
    guard.call(queued, calls::incrementAndGet);

    assertThatThrownBy(() -> guard.maxWait(Duration.ZERO).call(queued.peek(), () -> 1))
        .isInstanceOf(RateLimitExceededException.class)
        .hasNoSuppressedExceptions();

    guard.call(queued, calls::incrementAndGet);
    assertThat(waits).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
  }

  @Test
  void whoWouldBeOneMoreThatWaitsIsDeniedAndHasTheTokensBack() throws Exception {
    AtomicReference<Throwable> second = new AtomicReference<>();
    Guard one = Guard.of(limiter).maxWaiting(1);
    Guard first =
        one.waiter(
            delay -> {
              waits.add(delay);
              second.set(catchThrowable(() -> one.acquire(queued)));
            });
    first.acquire(queued);

    first.acquire(queued);

    assertThat(second.get())
        .isInstanceOf(RateLimitExceededException.class)
        .hasMessageContaining("retry in 200 ms");
    first.acquire(queued);
    assertThat(waits)
        .as("the place of who was denied is free, and so is that of who waited")
        .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
    assertThatThrownBy(() -> guard.maxWaiting(-1))
        .hasMessage("maxWaiting is -1; it must be 0 or more");
  }

  @Test
  void whoWaitsForSeveralLimitersCanBeCountedTogether() throws Exception {
    Semaphore places = new Semaphore(1);
    Guard other = Guard.of(limiter).maxWaiting(places);
    guard.acquire(queued);

    places.acquire();
    assertThat(other.decide(queued).isAllowed()).isFalse();
    places.release();

    assertThat(other.waiter(waits::add).decide(queued).isAllowed()).isTrue();
    assertThat(places.availablePermits()).isEqualTo(1);
    assertThat(waits).containsExactly(Duration.ofMillis(100));
  }

  @Test
  void aDenialCanBeADecisionInsteadOfAnException() throws Exception {
    assertThat(guard.decide(user.withCost(2)).isAllowed()).isTrue();
    assertThat(guard.decide(user).reason()).isEqualTo(Reason.OVER_LIMIT);
    assertThat(guard.decide(queued).delayMillis()).isZero();
    assertThat(guard.decide(queued).delayMillis()).isEqualTo(100);
    assertThat(waits).containsExactly(Duration.ofMillis(100));

    Decision tooLate = guard.maxWait(Duration.ofMillis(99)).decide(queued);

    assertThat(tooLate.isAllowed()).isFalse();
    assertThat(tooLate.retryAfterMillis()).hasValue(101);
    assertThat(remaining(queued)).isEqualTo(2);
  }

  @Test
  void whoMakesNoCallAfterAllGivesBackWhatWasTaken() throws Exception {
    Decision taken = guard.acquire(user.withCost(2));
    guard.giveBack(user, guard.decide(user));
    guard.giveBack(user.peek(), taken);
    assertThat(remaining(user)).as("a denial and a peek took nothing").isZero();

    guard.giveBack(user.withCost(2), taken);

    assertThat(remaining(user)).isEqualTo(2);
  }

  @Test
  void aRefundThatFailsIsTold() throws Exception {
    List<Throwable> failures = new ArrayList<>();
    Guard impatient = guard.maxWait(Duration.ZERO).onRefundFailure(failures::add);
    Decision taken = impatient.acquire(queued);
    limiter.close();

    impatient.giveBack(queued, taken);

    assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatADegradedDecisionTookIsNotGivenBackToAStateThatDoesNotHaveIt() throws Exception {
    RateLimiter alone = new RuleBasedRateLimiter(() -> RULES, new DegradedBackend(clock), clock);
    Guard impatient = Guard.of(alone).maxWait(Duration.ofMillis(99));
    impatient.call(queued, calls::incrementAndGet);

    assertThatThrownBy(() -> impatient.call(queued, calls::incrementAndGet))
        .isInstanceOf(RateLimitExceededException.class)
        .hasNoSuppressedExceptions();
  }

  @Test
  void aNegativeWaitIsRefusedAndALongOneIsAnyWait() throws Exception {
    assertThatThrownBy(() -> guard.maxWait(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxWait is -1 ms; it must be 0 or more");
    Guard patient = guard.maxWait(Duration.ofSeconds(Long.MAX_VALUE));
    patient.call(queued, calls::incrementAndGet);
    assertThat(patient.call(queued, calls::incrementAndGet)).isEqualTo(2);
  }

  @Test
  void anExceptionIsOnlyForADenial() {
    Decision allowed = limiter.check(user);

    assertThatThrownBy(() -> new RateLimitExceededException(allowed))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theMessageTellsWhateverIsKnown() {
    assertThat(new RateLimitExceededException(Decision.invalid("user_id is empty", 1, 1)))
        .hasMessage("the request is denied: INVALID_REQUEST: user_id is empty");
    assertThat(new RateLimitExceededException(denied(Reason.TIMEOUT)))
        .hasMessage("the request is denied: TIMEOUT");
    assertThat(new RateLimitExceededException(denied(Reason.OVER_LIMIT)))
        .hasMessage("the request is over its limit");
    Match match = RULES.match("api", user.attributes());
    assertThat(
            new RateLimitExceededException(
                Decision.unjudged(match, Verdict.DENY, "Redis is away", 1)))
        .hasMessage("user_id=42 is denied, as its limits could not be asked: Redis is away");
  }

  @Test
  void periodsAreToldInTheLongestUnit() {
    assertThat(messageAt(Duration.ofSeconds(30))).contains("(0 per 30 seconds)");
    assertThat(messageAt(Duration.ofMinutes(1))).contains("(0 per minute)");
    assertThat(messageAt(Duration.ofMillis(1500))).contains("(0 per 1 s 500 ms)");
  }

  private static String messageAt(Duration period) {
    LimitStatus status =
        new LimitStatus(
            KeyText.of("api/user_id=42|#"),
            "per-user",
            Limit.fixedWindow(0, period),
            LimitMode.ENFORCED,
            Verdict.DENY,
            0,
            1,
            OptionalLong.empty(),
            0);
    return new RateLimitExceededException(denied(Reason.OVER_LIMIT, status)).toString();
  }

  @Test
  void aSerializedExceptionKeepsItsMessageAndHasNoDecision() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new RateLimitExceededException(denied(Reason.TIMEOUT)));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      RateLimitExceededException copy = (RateLimitExceededException) in.readObject();

      assertThat(copy).hasMessage("the request is denied: TIMEOUT");
      assertThatThrownBy(copy::decision).hasMessage("a decision is not serialized");
    }
  }

  private static Decision denied(Reason reason, LimitStatus... statuses) {
    return new Decision(
        Verdict.DENY,
        reason,
        Optional.empty(),
        Optional.empty(),
        List.of(statuses),
        OptionalLong.empty(),
        0,
        0,
        1,
        1);
  }

  private long remaining(Request request) {
    return limiter.check(request.peek()).statuses().get(0).remaining();
  }
}
