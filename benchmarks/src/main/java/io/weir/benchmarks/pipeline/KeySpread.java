package io.weir.benchmarks.pipeline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntSupplier;

/** How requests are spread over identifiers. */
enum KeySpread {
  /** All alike: 100,000 identifiers. */
  UNIFORM(100_000) {
    @Override
    IntSupplier numbers(long seed) {
      Random random = new Random(seed);
      return () -> random.nextInt(identifiers());
    }
  },

  /** By Zipf's law with exponent 1 over 1,000,000 identifiers: the n-th comes 1/n as often. */
  ZIPF(1_000_000) {
    @Override
    IntSupplier numbers(long seed) {
      double[] cumulated = new double[identifiers()];
      double sum = 0;
      for (int i = 0; i < cumulated.length; i++) {
        sum += 1.0 / (i + 1);
        cumulated[i] = sum;
      }
      double total = sum;
      Random random = new Random(seed);
      return () -> {
        int found = Arrays.binarySearch(cumulated, random.nextDouble() * total);
        return Math.min(cumulated.length - 1, found >= 0 ? found : -found - 1);
      };
    }
  };

  private final int identifiers;

  KeySpread(int identifiers) {
    this.identifiers = identifiers;
  }

  /** Its name in reports. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How many identifiers there are. */
  final int identifiers() {
    return identifiers;
  }

  /** An endless row of numbers of identifiers, the same for the same seed. */
  abstract IntSupplier numbers(long seed);
}
