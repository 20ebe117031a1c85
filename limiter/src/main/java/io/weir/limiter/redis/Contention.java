package io.weir.limiter.redis;

import io.weir.limiter.rule.KeyText;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which identifiers were lately changed by several requests at the same moment. Of a bounded size,
 * so identifiers may be taken for each other: what is told is a hint. Thread-safe.
 */
class Contention {
  private static final int CELLS = 4_096;
  private static final int HEAT_OF_A_LOSS = 256;
  private static final int MAX_HEAT = 16_384;

  private final AtomicIntegerArray heat = new AtomicIntegerArray(CELLS);

  /**
   * Takes note of a change.
   *
   * @param losses how often others were quicker
   */
  void observe(KeyText identifier, int losses) {
    // What is lost between two threads does no harm.
    int cell = cell(identifier);
    int now = heat.get(cell);
    if (losses > 0) {
      heat.set(cell, Math.min(MAX_HEAT, now + losses * HEAT_OF_A_LOSS));
    } else if (now > 0) {
      heat.set(cell, now - 1);
    }
  }

  /** How contended an identifier is; 0 where it is not. */
  int heat(KeyText identifier) {
    return heat.get(cell(identifier));
  }

  private static int cell(KeyText identifier) {
    int hash = identifier.hashCode();
    return (hash ^ hash >>> 16) & CELLS - 1;
  }
}
