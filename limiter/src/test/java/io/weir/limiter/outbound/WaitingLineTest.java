package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.outbound.WaitingLine.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Times are in milliseconds from 0. */
class WaitingLineTest {
  private static final long NEVER = Long.MAX_VALUE;

  /** A token every 100 ms, one at a time. */
  private static final Limit ONE = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(1);

  /** The same, 5 at once. */
  private static final Limit FIVE = ONE.withBurst(5);

  private static final class Line {
    final Bucket bucket;
    final WaitingLine waiting;

    /** Who was refused while others started. */
    final List<Turn> late = new ArrayList<>();

    Line(Limit limit) {
      bucket = new Bucket(limit);
      waiting = new WaitingLine("api", bucket);
    }

    /** A line before a bucket of which nothing is left. */
    static Line empty(Limit limit) {
      Line line = new Line(limit);
      line.bucket.take(0, limit.burst());
      return line;
    }

    Turn add(long nowMillis, long tokens, long deadlineMillis) {
      Turn turn = new Turn(tokens, nowMillis, deadlineMillis);
      waiting.add(nowMillis, turn, bucket.waitMillis(nowMillis, tokens));
      return turn;
    }

    List<Turn> startAll(long nowMillis) {
      List<Turn> started = new ArrayList<>();
      Optional<Turn> next = startNext(nowMillis);
      while (next.isPresent()) {
        started.add(next.get());
        next = startNext(nowMillis);
      }
      return started;
    }

    private Optional<Turn> startNext(long nowMillis) {
      return waiting.startNext(nowMillis, refused -> late.add(refused.turn()));
    }

    List<Turn> update(long nowMillis, Limit limit) {
      return waiting.change(nowMillis, it -> it.update(nowMillis, limit)).stream()
          .map(Refused::turn)
          .toList();
    }
  }

  @Test
  void eachStartsWhenItsTokensAreThere() {
    Line line = Line.empty(FIVE);
    Turn a = line.add(0, 2, NEVER);
    Turn b = line.add(0, 1, NEVER);

    assertThat(line.startAll(199)).isEmpty();
    assertThat(line.waiting.firstWaitMillis(199)).isEqualTo(1);
    assertThat(line.startAll(200)).containsExactly(a);
    assertThat(line.startAll(300)).containsExactly(b);
    assertThat(line.waiting.isEmpty()).isTrue();
  }

  @Test
  void whoLeavesGivesItsTokensToThoseBehind() {
    Line line = Line.empty(FIVE);
    Turn a = line.add(0, 3, NEVER);
    Turn b = line.add(0, 1, NEVER);

    line.waiting.remove(0, a);
    line.waiting.remove(0, a);
    assertThat(line.waiting.size()).isEqualTo(1);
    assertThat(line.startAll(99)).isEmpty();
    assertThat(line.startAll(100)).containsExactly(b);
  }

  @Test
  void whenAllLeaveTheirTokensAreThereForWhoComes() {
    Line line = Line.empty(FIVE);
    Turn a = line.add(0, 3, 900);
    Turn b = line.add(0, 5, 900);

    assertThat(line.waiting.clear(0)).containsExactly(a, b);
    assertThat(line.waiting.isEmpty()).isTrue();
    Turn c = line.add(0, 1, 100);
    assertThat(line.waiting.firstWaitMillis(0)).isEqualTo(100);
    assertThat(line.startAll(100)).containsExactly(c);
  }

  @Test
  void aDelayOfWhoStartsLateCountsAgainstTheDeadlinesOfThoseBehind() {
    Line line = Line.empty(ONE);
    Turn a = line.add(0, 1, NEVER);
    // Was to start at 200, starts at 500.
    Turn b = line.add(0, 1, 550);
    assertThat(line.startAll(400)).containsExactly(a);

    // At 700 now.
    assertThat(line.update(400, Limit.tokenBucket(10, Duration.ofSeconds(3)).withBurst(1)))
        .containsExactly(b);
  }

  @Test
  void aDelayThatIsStillInTimeRefusesNobody() {
    Line line = Line.empty(ONE);
    Turn a = line.add(0, 1, NEVER);
    Turn b = line.add(0, 1, 700);
    assertThat(line.startAll(400)).containsExactly(a);

    assertThat(line.update(400, Limit.tokenBucket(10, Duration.ofSeconds(3)).withBurst(1)))
        .isEmpty();
    assertThat(line.startAll(699)).isEmpty();
    assertThat(line.startAll(700)).containsExactly(b);
  }

  @Test
  void aDelayOfWhichTheLastOnesStartsAreStillToComeCountsAsWell() {
    Line line = Line.empty(ONE);
    Turn a = line.add(0, 1, NEVER);
    // Was to start at 200, starts at 250.
    Turn b = line.add(0, 1, 300);
    Turn c = line.add(0, 1, NEVER);
    assertThat(line.startAll(150)).containsExactly(a);

    // At 251, at 300, at 301.
    assertThat(line.update(150, limit(101))).isEmpty();
    assertThat(line.update(150, limit(150))).isEmpty();
    assertThat(line.update(150, limit(151))).containsExactly(b);
    assertThat(line.startAll(301)).containsExactly(c);
  }

  @Test
  void whoIsLateWhenItsTurnComesIsRefusedAndTheOthersStartAsIfItHadNotCome() {
    Line line = Line.empty(ONE);
    Turn a = line.add(0, 1, 100);
    Turn b = line.add(0, 1, NEVER);
    Turn c = line.add(0, 1, NEVER);

    assertThat(line.startAll(101)).containsExactly(b);
    assertThat(line.late).containsExactly(a);
    assertThat(line.startAll(200)).isEmpty();
    assertThat(line.startAll(201)).containsExactly(c);
  }

  @Test
  void whoIsPutOffPastItsDeadlineIsRefusedAndThoseBehindItMoveUp() {
    Line line = Line.empty(ONE);
    Turn a = line.add(0, 1, NEVER);
    // Was to start at 200, would at 250.
    Turn b = line.add(0, 1, 249);
    Turn c = line.add(0, 1, 299);

    assertThat(line.startAll(150)).containsExactly(a);
    assertThat(line.late).containsExactly(b);
    assertThat(line.startAll(249)).isEmpty();
    assertThat(line.startAll(250)).containsExactly(c);
    assertThat(line.late).containsExactly(b);
  }

  @Test
  void aDelayThatTheBurstMakesUpForPutsOffNobody() {
    Line line = Line.empty(FIVE);
    Turn a = line.add(0, 1, NEVER);
    Turn b = line.add(0, 4, 600);
    assertThat(line.startAll(200)).containsExactly(a);

    assertThat(line.waiting.firstWaitMillis(200)).isEqualTo(300);
    assertThat(line.update(200, limit(133).withBurst(5))).isEmpty();
    assertThat(line.update(200, limit(134).withBurst(5))).containsExactly(b);
  }

  @Test
  void ofThoseWhoWaitForAPauseOneInTheMiddleMayBePutOffMost() {
    Line line = new Line(FIVE);
    line.bucket.take(0, 3);
    line.bucket.pauseUntil(0, 1_000);
    Turn a = line.add(0, 1, NEVER);
    Turn b = line.add(0, 1, 1_015);
    Turn c = line.add(0, 1, NEVER);
    Turn d = line.add(0, 1, NEVER);

    List<Refused> refused =
        line.waiting.change(
            0,
            it -> {
              it.update(0, Limit.tokenBucket(100, Duration.ofSeconds(1)).withBurst(5));
              it.leaveAtMost(0, 0);
            });
    assertThat(refused).extracting(Refused::turn).containsExactly(b);
    assertThat(line.startAll(1_029)).containsExactly(a, c);
    assertThat(line.startAll(1_030)).containsExactly(d);
  }

  @Test
  void whoWantsMoreThanTheNewBurstIsRefusedThoughItWouldBeInTime() {
    Line line = Line.empty(FIVE);
    Turn a = line.add(0, 2, NEVER);
    Turn b = line.add(0, 3, NEVER);

    assertThat(line.update(0, FIVE.withBurst(2))).containsExactly(b);
    assertThat(line.startAll(200)).containsExactly(a);
  }

  @Test
  void aRefusalTellsTheWholeWaitFromTheArrival() {
    Line line = Line.empty(ONE);
    var unused = line.add(0, 1, NEVER);
    Turn late = line.add(50, 1, 300);

    List<Refused> refused = line.waiting.change(60, it -> it.update(60, limit(200)));
    assertThat(refused).extracting(Refused::turn).containsExactly(late);
    assertThat(refused.get(0).why())
        .isInstanceOf(RateLimitWaitException.class)
        .hasMessage("'api': 1 token is to be had after 290 ms, the call may wait 250 ms");
  }

  @Test
  void whatCanNoLongerBeCountedAfterAChangeIsRefused() {
    Line line = Line.empty(new Limit(new TokenBucket(), 1, 1, 1L << 40));
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      turns.add(line.add(0, 1L << 40, NEVER));
    }

    List<Refused> refused =
        line.waiting.change(
            0, it -> it.update(0, new Limit(new TokenBucket(), 1, 1L << 21, 1L << 40)));
    assertThat(refused).extracting(Refused::turn).containsExactlyElementsOf(turns.subList(2, 5));
    assertThat(refused.get(0).why())
        .isInstanceOf(OutboundRejectedException.class)
        .hasMessageStartingWith("'api': 5 calls wait already");
  }

  /** A token in so many milliseconds, one at a time. */
  private static Limit limit(long millisPerToken) {
    return new Limit(new TokenBucket(), 1, millisPerToken, 1);
  }
}
