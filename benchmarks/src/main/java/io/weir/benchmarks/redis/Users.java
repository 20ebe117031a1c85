package io.weir.benchmarks.redis;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Who asks, and how much each may: the same for all competitors. Immutable and thread-safe. */
final class Users {
  static final int COUNT = 10_000;
  static final int PER_SECOND = 100;
  static final int BURST = 200;

  private final String[] names =
      IntStream.range(0, COUNT).mapToObj(i -> "user-" + (1_000_000 + i)).toArray(String[]::new);

  /** One of them. */
  String any() {
    return names[0];
  }

  /** Users uniform at random, for one thread; the same of the same seed. */
  Supplier<String> random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return () -> names[random.nextInt(names.length)];
  }
}
