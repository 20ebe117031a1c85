package io.weir.streams.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;

/**
 * Traffic that is made, in proportion to a limit, so that it shows what algorithms differ in. The
 * same seed gives the same requests.
 */
public enum TrafficPattern {
  /** Half more than the limit, evenly. */
  STEADY("Half more than the limit, evenly spread, from one user.") {
    @Override
    Moments moments(Shape shape, Random random) {
      Moments all = new Moments();
      shape.evenly(all, 0, PERIODS * shape.periodMillis(), PERIODS * shape.requests() * 3 / 2);
      return all;
    }
  },

  /** Twice the limit nearly at once, and little between. */
  BURST("Twice the limit nearly at once, in every other period, and a quarter of it besides.") {
    @Override
    Moments moments(Shape shape, Random random) {
      Moments all = new Moments();
      shape.evenly(all, 0, PERIODS * shape.periodMillis(), PERIODS * shape.requests() / 4);
      for (long period = 1; period < PERIODS; period += 2) {
        long at = period * shape.periodMillis() + shape.periodMillis() / 2;
        shape.evenly(all, at, Math.max(1, shape.periodMillis() / 100), 2 * shape.requests());
      }
      return all;
    }
  },

  /** The limit just before the end of a window, and once more just after it. */
  SPIKE("The whole limit just before a window of the clock ends, and again just after.") {
    @Override
    Moments moments(Shape shape, Random random) {
      Moments all = new Moments();
      long tenth = Math.max(1, shape.periodMillis() / 10);
      for (long period = 1; period < PERIODS; period += 2) {
        long boundary = period * shape.periodMillis();
        shape.evenly(all, boundary - tenth, tenth, shape.requests());
        shape.evenly(all, boundary, tenth, shape.requests());
      }
      return all;
    }
  },

  /** Three times the limit for a period, then nothing for one. */
  ON_OFF("Three times the limit for a period, at random moments, then a period of silence.") {
    @Override
    Moments moments(Shape shape, Random random) {
      Moments all = new Moments();
      for (long period = 0; period < PERIODS; period += 2) {
        for (long i = 0; i < 3 * shape.requests(); i++) {
          long within = (long) (random.nextDouble() * shape.periodMillis());
          all.add(new Moment(period * shape.periodMillis() + within, 0));
        }
      }
      return all;
    }
  },

  /** Many users, of whom few ask for more than they may. */
  USERS("A thousand users at random moments, of whom a few ask for more than the limit.") {
    @Override
    Moments moments(Shape shape, Random random) {
      Moments all = new Moments();
      for (int user = 0; user < USER_COUNT; user++) {
        // The first asks for three times the limit, the tenth for a third of it, and so on.
        long asks = Math.max(1, PERIODS * 3 * shape.requests() / (user + 1));
        for (long i = 0; i < asks; i++) {
          all.add(new Moment((long) (random.nextDouble() * PERIODS * shape.periodMillis()), user));
        }
      }
      return all;
    }
  };

  /** How long all of them are. */
  static final long PERIODS = 6;

  private static final int USER_COUNT = 1_000;

  private final String description;

  TrafficPattern(String description) {
    this.description = description;
  }

  /**
   * What the traffic is in proportion to.
   *
   * @param requests requests that the limit grants each period, 1 or more
   * @param periodMillis the period in milliseconds
   */
  public record Shape(long requests, long periodMillis) {
    private void evenly(Moments into, long fromMillis, long lengthMillis, long count) {
      for (long i = 0; i < count; i++) {
        into.add(new Moment(fromMillis + i * lengthMillis / count, 0));
      }
    }
  }

  /** Somebody's request at a time after the start. */
  record Moment(long millis, long user) {}

  /** Moments in any order; not more than can be kept. */
  static final class Moments {
    private final List<Moment> all = new ArrayList<>();

    void add(Moment moment) {
      if (all.size() == Traffic.MOST_REQUESTS) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "the traffic is more than %,d requests", Traffic.MOST_REQUESTS));
      }
      all.add(moment);
    }
  }

  abstract Moments moments(Shape shape, Random random);

  /** Its name on the command line and in reports. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The requests.
   *
   * @param shape what they are in proportion to
   * @param seed what chance goes by
   * @param request makes the request of a user
   * @throws IllegalArgumentException if it were more than {@link Traffic#MOST_REQUESTS} requests
   */
  public Traffic traffic(Shape shape, long seed, LongFunction<Asked> request) {
    Map<Long, Asked> byUser = new HashMap<>();
    List<Arrival> arrivals =
        moments(shape, new Random(seed)).all.stream()
            .sorted(Comparator.comparingLong(Moment::millis))
            .map(
                moment -> {
                  Asked asked = byUser.computeIfAbsent(moment.user(), request::apply);
                  return new Arrival(
                      start(shape) + moment.millis(), asked.domain(), asked.attributes(), 1);
                })
            .toList();
    return new Traffic(title(), description, arrivals);
  }

  /** Where windows of the clock begin. */
  private static long start(Shape shape) {
    long any = 1_700_000_000_000L;
    return any - any % shape.periodMillis() + shape.periodMillis();
  }

  /**
   * What a user asks for.
   *
   * @param domain the namespace of the rules
   * @param attributes facts about the request
   */
  public record Asked(String domain, Map<String, String> attributes) {}
}
