package io.weir.limiter.outbound;

import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How much of what was taken from a bucket may come back, if those who took it last give it up.
 *
 * <p><b>Derivation.</b> What a bucket misses now is the most, over all moments s until now, of what
 * was taken since s less what flowed in since s. The slack of s is what is missing now less that: 0
 * or more, and 0 for one s. As time passes and tokens are taken it stays as it is; that of the
 * moment itself is all that is missing. Had somebody who took t not come, each s before would count
 * t less: so t more may be missing there and the rest not, and the bucket would miss the least of
 * (slack of s before + t) and (slack of s after) less. That comes back. Slacks of moments before
 * are then higher by what of t did not come back, those of moments after are lower by what did.
 *
 * <p>Of all moments between two who may give back the least slack counts. Where the bucket was full
 * slacks are higher than noted here, which errs to give back less; but there the slack of the
 * moment is 0. Not thread-safe.
 */
final class LowWater {
  /** More at a time cannot give back: each that does looks at all. */
  static final int MOST = 1_000;

  /** No slack matters that is higher, and two of them are no overflow. */
  private static final long MAX_UNITS = 1L << 62;

  /** Stands before all. */
  private final Mark first = new Mark(0);

  private Mark last = first;
  private int open;

  /** Somebody who took something and may give it back. */
  static final class Mark {
    private long taken;

    /** The least slack after it and before the next one. */
    private long slack = MAX_UNITS;

    private @Nullable Mark before;
    private @Nullable Mark after;

    private Mark(long taken) {
      this.taken = taken;
    }
  }

  /** Takes note of how much the bucket misses, before anything is taken or the rate changes. */
  void note(long units) {
    last.slack = Math.min(last.slack, units);
  }

  /** Somebody has taken something just now; null if that cannot be given back. */
  @Nullable Mark mark(long units) {
    if (open == MOST) {
      return null;
    }
    if (open == 0) {
      first.slack = 0;
    }
    Mark mark = new Mark(units);
    mark.before = last;
    last.after = mark;
    last = mark;
    open++;
    return mark;
  }

  /** Somebody keeps what was taken. */
  void keep(Mark mark) {
    Mark before = mark.before;
    Mark after = mark.after;
    if (before != null) {
      before.slack = Math.min(before.slack, mark.slack);
      before.after = after;
      if (after == null) {
        last = before;
      } else {
        after.before = before;
      }
      open--;
    }
  }

  /** Somebody gives back what was taken, after a note; how much of it comes back. */
  long giveBack(Mark mark) {
    long slackBefore = MAX_UNITS;
    for (Mark each = mark.before; each != null; each = each.before) {
      slackBefore = Math.min(slackBefore, each.slack);
    }
    long slackAfter = MAX_UNITS;
    for (Mark each = mark; each != null; each = each.after) {
      slackAfter = Math.min(slackAfter, each.slack);
    }
    long back = Math.min(mark.taken, Math.min(mark.taken + slackBefore, slackAfter));
    for (Mark each = mark.before; each != null; each = each.before) {
      each.slack = Math.min(MAX_UNITS, each.slack + (mark.taken - back));
    }
    for (Mark each = mark; each != null; each = each.after) {
      each.slack -= back;
    }
    keep(mark);
    return back;
  }

  /** Goes on in other units. */
  void convert(LongUnaryOperator conversion) {
    for (Mark each = first; each != null; each = each.after) {
      each.taken = conversion.applyAsLong(each.taken);
      each.slack = conversion.applyAsLong(each.slack);
    }
  }
}
