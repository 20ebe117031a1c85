package io.weir.limiter.tck;

import io.weir.limiter.algorithm.Limit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What each algorithm promises, kept literally and without thought of cost: exact rationals instead
 * of scaled integers, every admission instead of a summary.
 */
public interface ExactLimit {

  /**
   * The promise of a built-in algorithm.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ExactLimit of(Limit limit) {
    return switch (limit.algorithm().name()) {
      case "fixed_window" -> new FixedWindow(limit);
      case "token_bucket" -> new TokenBucket(limit);
      case "leaky_bucket" -> new LeakyBucket(limit);
      case "sliding_window_log" -> new SlidingWindowLog(limit);
      case "sliding_window_counter" -> new SlidingWindowCounter(limit);
      default ->
          throw new IllegalArgumentException(
              "nothing is known of the algorithm " + limit.algorithm().name());
    };
  }

  /** Whether the cost would be admitted at that time if nothing came before it. */
  boolean fits(long nowMillis, long cost);

  /** Takes a cost that fits. */
  void take(long nowMillis, long cost);

  /**
   * Gives so much back of what was taken at a time, and no more than is used of it. It counts as if
   * it had come back at the last admission: time goes on from there.
   */
  void giveBack(long takenAtMillis, long cost);

  /** How long a request taken now waits for its turn. */
  default long delayMillis(long nowMillis) {
    return 0;
  }

  /** A level in tokens that rises continuously and is cut off at the burst. */
  final class TokenBucket implements ExactLimit {
    private final Limit limit;
    private Fraction tokens;
    private long sinceMillis;

    TokenBucket(Limit limit) {
      this.limit = limit;
      this.tokens = Fraction.of(limit.burst());
    }

    @Override
    public boolean fits(long nowMillis, long cost) {
      return limit.requests() > 0 && tokensAt(nowMillis).compareTo(Fraction.of(cost)) >= 0;
    }

    @Override
    public void take(long nowMillis, long cost) {
      tokens = tokensAt(nowMillis).minus(Fraction.of(cost));
      sinceMillis = nowMillis;
    }

    @Override
    public void giveBack(long takenAtMillis, long cost) {
      tokens = tokens.plus(Fraction.of(cost)).min(Fraction.of(limit.burst()));
    }

    private Fraction tokensAt(long nowMillis) {
      Fraction rate = Fraction.of(limit.requests(), limit.periodMillis());
      return tokens
          .plus(rate.times(Fraction.of(nowMillis - sinceMillis)))
          .min(Fraction.of(limit.burst()));
    }
  }

  /** A queue of what was admitted, each with the time span in which it leaves. */
  final class LeakyBucket implements ExactLimit {
    private record Departure(Fraction start, Fraction end, Fraction tokens) {
      Fraction placesAt(Fraction now) {
        if (now.compareTo(start) <= 0) {
          return tokens;
        }
        if (now.compareTo(end) >= 0) {
          return Fraction.ZERO;
        }
        Fraction share = end.minus(now).dividedBy(end.minus(start));
        return tokens.times(share);
      }

      /** What leaves before a time. */
      Departure until(Fraction time) {
        return new Departure(start, time, tokens.minus(placesAt(time)));
      }
    }

    private final Limit limit;
    private final Deque<Departure> queue = new ArrayDeque<>();
    private long lastMillis;

    LeakyBucket(Limit limit) {
      this.limit = limit;
    }

    @Override
    public boolean fits(long nowMillis, long cost) {
      Fraction places = Fraction.of(cost);
      for (Departure departure : queue) {
        places = places.plus(departure.placesAt(Fraction.of(nowMillis)));
      }
      return limit.requests() > 0 && places.compareTo(Fraction.of(limit.burst())) <= 0;
    }

    @Override
    public void take(long nowMillis, long cost) {
      queue.removeIf(gone -> gone.end().compareTo(Fraction.of(nowMillis)) <= 0);
      Fraction start = turn(nowMillis);
      Fraction perToken = Fraction.of(limit.periodMillis(), limit.requests());
      Fraction end = start.plus(perToken.times(Fraction.of(cost)));
      queue.add(new Departure(start, end, Fraction.of(cost)));
      lastMillis = nowMillis;
    }

    /** The last so many leave the queue, if who came last is meant; who has left stays away. */
    @Override
    public void giveBack(long takenAtMillis, long cost) {
      if (takenAtMillis != lastMillis || queue.isEmpty()) {
        return;
      }
      Fraction perToken = Fraction.of(limit.periodMillis(), limit.requests());
      Fraction end =
          queue
              .getLast()
              .end()
              .minus(perToken.times(Fraction.of(cost)))
              .max(Fraction.of(lastMillis));
      while (!queue.isEmpty() && queue.getLast().end().compareTo(end) > 0) {
        Departure last = queue.removeLast();
        if (last.start().compareTo(end) < 0) {
          queue.add(last.until(end));
        }
      }
    }

    @Override
    public long delayMillis(long nowMillis) {
      return turn(nowMillis).minus(Fraction.of(nowMillis)).roundedUp();
    }

    private Fraction turn(long nowMillis) {
      Fraction now = Fraction.of(nowMillis);
      return queue.isEmpty() ? now : queue.getLast().end().max(now);
    }
  }

  /** Keeps every admission and recounts them each time. */
  abstract class Recounting implements ExactLimit {
    record Admission(long timeMillis, long cost) {}

    final Limit limit;
    private final List<Admission> admissions = new ArrayList<>();

    Recounting(Limit limit) {
      this.limit = limit;
    }

    abstract Fraction weight(long timeMillis, long nowMillis);

    /** Whether an admission is meant where one at another time is given back. */
    abstract boolean isMeant(long timeMillis, long takenAtMillis);

    @Override
    public final void giveBack(long takenAtMillis, long cost) {
      long left = cost;
      for (int i = 0; i < admissions.size(); i++) {
        Admission admission = admissions.get(i);
        if (isMeant(admission.timeMillis(), takenAtMillis)) {
          long given = Math.min(left, admission.cost());
          admissions.set(i, new Admission(admission.timeMillis(), admission.cost() - given));
          left -= given;
        }
      }
    }

    @Override
    public boolean fits(long nowMillis, long cost) {
      Fraction used = Fraction.of(cost);
      for (Admission admission : admissions) {
        used =
            used.plus(
                weight(admission.timeMillis(), nowMillis).times(Fraction.of(admission.cost())));
      }
      return used.compareTo(Fraction.of(limit.requests())) <= 0;
    }

    @Override
    public void take(long nowMillis, long cost) {
      // Time never goes back behind an admission, and no window looks back over another one.
      long window = nowMillis / limit.periodMillis();
      admissions.removeIf(old -> window - old.timeMillis() / limit.periodMillis() > 1);
      admissions.add(new Admission(nowMillis, cost));
    }
  }

  /** Counts what was admitted in the same aligned window. */
  final class FixedWindow extends Recounting {
    FixedWindow(Limit limit) {
      super(limit);
    }

    @Override
    boolean isMeant(long timeMillis, long takenAtMillis) {
      return timeMillis / limit.periodMillis() == takenAtMillis / limit.periodMillis();
    }

    @Override
    Fraction weight(long timeMillis, long nowMillis) {
      boolean same = timeMillis / limit.periodMillis() == nowMillis / limit.periodMillis();
      return Fraction.of(same ? 1 : 0);
    }
  }

  /** Counts what was admitted in the half-open window that ends now. */
  final class SlidingWindowLog extends Recounting {
    SlidingWindowLog(Limit limit) {
      super(limit);
    }

    @Override
    boolean isMeant(long timeMillis, long takenAtMillis) {
      return timeMillis == takenAtMillis;
    }

    @Override
    Fraction weight(long timeMillis, long nowMillis) {
      return Fraction.of(nowMillis < timeMillis + limit.periodMillis() ? 1 : 0);
    }
  }

  /** Weighs the previous aligned window by the share that the sliding window still covers. */
  final class SlidingWindowCounter extends Recounting {
    SlidingWindowCounter(Limit limit) {
      super(limit);
    }

    @Override
    boolean isMeant(long timeMillis, long takenAtMillis) {
      return timeMillis / limit.periodMillis() == takenAtMillis / limit.periodMillis();
    }

    @Override
    Fraction weight(long timeMillis, long nowMillis) {
      long windowsAgo = nowMillis / limit.periodMillis() - timeMillis / limit.periodMillis();
      if (windowsAgo == 1) {
        long intoWindow = nowMillis % limit.periodMillis();
        return Fraction.of(limit.periodMillis() - intoWindow, limit.periodMillis());
      }
      return Fraction.of(windowsAgo == 0 ? 1 : 0);
    }
  }
}
