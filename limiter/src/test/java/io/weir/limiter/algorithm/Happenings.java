package io.weir.limiter.algorithm;

import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** A history in which requests may hold, holds are released and tokens are refunded. */
final class Happenings {
  private static final HoldBounds FOR_EVER = new HoldBounds(Long.MAX_VALUE, Integer.MAX_VALUE);

  /**
   * What happens around one request.
   *
   * @param holds whether it holds
   * @param release which open hold is released before it; none if there are not so many
   * @param refund which admission is refunded before it; none if there are not so many
   * @param word how true the word is that the refund is by
   */
  record Choice(boolean holds, int release, int refund, Word word) {}

  /** By whose word a refund is. */
  enum Word {
    /** All that the admission took, or the half of it. */
    ALL,
    HALF,
    /** More than it took. */
    TOO_MUCH,
    /** What another time took, if any. */
    EARLIER,
    LATER
  }

  /** What changed the row; in the order in which it happened. */
  sealed interface Event {}

  /** A request that was admitted. */
  record Admission(long nowMillis, long cost, HoldId id, boolean holds) implements Event {}

  /** Tokens that came back by somebody's word. */
  record Refund(long takenAtMillis, long cost) implements Event {}

  /** Looks at what has become. */
  interface Look {
    void at(Happenings happenings, long nowMillis);
  }

  final Limit limit;
  final Row row = Row.absent();
  final List<Event> events = new ArrayList<>();
  final Set<HoldId> released = new HashSet<>();
  private final List<HoldId> open = new ArrayList<>();

  /** The indexes of the events that a refund was of. */
  private final Set<Integer> refunded = new HashSet<>();

  private Happenings(Limit limit) {
    this.limit = limit;
  }

  /** Plays a history, and lets somebody look after each request. */
  static void play(History history, List<Choice> choices, Look look) {
    Happenings happenings = new Happenings(history.limit());
    int[] step = {0};
    history.play(
        (nowMillis, cost) -> {
          Choice choice = choices.get(step[0]++ % choices.size());
          happenings.release(choice);
          happenings.refund(choice);
          happenings.ask(nowMillis, cost, new HoldId(0, step[0]), choice.holds());
          look.at(happenings, nowMillis);
        });
  }

  /** The row after the same events but the admissions that were released. */
  Row withoutReleased() {
    Row without = Row.absent();
    for (Event event : events) {
      if (event instanceof Refund refund) {
        without.refund(refund.takenAtMillis(), refund.cost());
      } else if (event instanceof Admission admission && !released.contains(admission.id())) {
        if (!without.check(limit, admission.nowMillis(), admission.cost()).admitted()) {
          throw new AssertionError("what was admitted beside the holds does not fit without them");
        }
      }
    }
    return without;
  }

  private void release(Choice choice) {
    if (choice.release() < open.size()) {
      HoldId id = open.remove(choice.release());
      row.release(id);
      released.add(id);
    }
  }

  /** Of what was not held, each once at most: the truth, unless the word is another. */
  private void refund(Choice choice) {
    int[] refundable =
        IntStream.range(0, events.size())
            .filter(i -> events.get(i) instanceof Admission admission && !admission.holds())
            .filter(i -> !refunded.contains(i))
            .toArray();
    if (choice.refund() >= refundable.length) {
      return;
    }
    int index = refundable[choice.refund()];
    refunded.add(index);
    Admission admission = (Admission) events.get(index);
    long cost = admission.cost();
    long most = limit.burst();
    Refund refund =
        switch (choice.word()) {
          case ALL -> new Refund(admission.nowMillis(), cost);
          case HALF -> new Refund(admission.nowMillis(), cost - cost / 2);
          case TOO_MUCH -> new Refund(admission.nowMillis(), cost > most / 2 ? most : 2 * cost);
          case EARLIER ->
              new Refund(Math.max(0, admission.nowMillis() - limit.periodMillis() / 2), cost);
          case LATER -> new Refund(admission.nowMillis() + limit.periodMillis() / 2 + 1, cost);
        };
    events.add(refund);
    row.refund(refund.takenAtMillis(), refund.cost());
  }

  private void ask(long nowMillis, long cost, HoldId id, boolean holds) {
    boolean admitted =
        holds
            ? row.hold(limit, nowMillis, cost, id, FOR_EVER).admitted()
            : row.check(limit, nowMillis, cost).admitted();
    if (admitted) {
      events.add(new Admission(nowMillis, cost, id, holds));
      if (holds) {
        open.add(id);
      }
    }
  }

  /** Choices whose refunds are by some of these words. */
  static Arbitrary<List<Choice>> choices(Word... words) {
    Arbitrary<Integer> release =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(Integer.MAX_VALUE)),
            Tuple.of(3, Arbitraries.integers().between(0, 3)));
    Arbitrary<Integer> refund =
        words.length == 0
            ? Arbitraries.just(Integer.MAX_VALUE)
            : Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(Integer.MAX_VALUE)),
                Tuple.of(2, Arbitraries.integers().between(0, 2)));
    return Combinators.combine(
            Arbitraries.of(true, true, false),
            release,
            refund,
            Arbitraries.of(words.length == 0 ? new Word[] {Word.ALL} : words))
        .as(Choice::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }
}
