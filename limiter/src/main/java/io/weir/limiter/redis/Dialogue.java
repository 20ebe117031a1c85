package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;

/**
 * What is asked of the script until there is a decision on one request. For one thread at a time.
 */
interface Dialogue {
  /** What comes next. */
  sealed interface Turn {
    /** There is more to ask. */
    record Next(Ask ask) implements Turn {}

    /** There is the decision. */
    record Done(Decision decision) implements Turn {}
  }

  /** What is asked first. */
  Ask first();

  /**
   * What follows from the answer to what was asked.
   *
   * @throws io.weir.limiter.codec.CodecException if a row cannot be read
   * @throws IllegalStateException if script and Judge disagree, which is a bug
   */
  Turn after(Found found);

  /** Forgets all that is remembered of identifiers. */
  static Dialogue reset(Judge judge, Match match) {
    return new Dialogue() {
      @Override
      public Ask first() {
        return Ask.forget(
            match.identifiers().stream().map(IdentifierLimits::identifierText).toList());
      }

      @Override
      public Turn after(Found found) {
        return new Turn.Done(judge.reset(match, found.timeMillis(), found.floorMillis()));
      }
    };
  }
}
