package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.Judge;
import io.weir.limiter.Once;
import io.weir.limiter.OnceDecision;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.Optional;

/**
 * What is asked of the script until something is known, such as the decision on a request. For one
 * thread at a time.
 *
 * @param <T> what is known then
 */
interface Dialogue<T> {
  /**
   * What comes next.
   *
   * @param <T> what is known in the end
   */
  sealed interface Turn<T> {
    /** There is more to ask. */
    record Next<T>(Ask ask) implements Turn<T> {}

    /** There is nothing more to ask. */
    record Done<T>(T result) implements Turn<T> {}
  }

  /** What is asked first. */
  Ask first();

  /**
   * What follows from the answer to what was asked.
   *
   * @throws io.weir.limiter.codec.CodecException if a row cannot be read
   * @throws IllegalStateException if script and Judge disagree, which is a bug
   */
  Turn<T> after(Found found);

  /** What is done once, and whether it was done before. */
  static Dialogue<OnceDecision> telling(Dialogue<Decision> once) {
    return new Dialogue<>() {
      @Override
      public Ask first() {
        return once.first();
      }

      @Override
      public Turn<OnceDecision> after(Found found) {
        Turn<Decision> turn = once.after(found);
        if (turn instanceof Turn.Done<Decision> done) {
          boolean repeated = found.result() == Found.Result.TOLD;
          return new Turn.Done<>(new OnceDecision(done.result(), repeated));
        }
        return new Turn.Next<>(((Turn.Next<Decision>) turn).ask());
      }
    };
  }

  /** Forgets all that is remembered of identifiers. */
  static Dialogue<Decision> reset(Judge judge, Match match, Optional<Once> once) {
    Ask forget =
        Ask.forget(match.identifiers().stream().map(IdentifierLimits::identifierText).toList());
    Ask first = once.map(forget::once).orElse(forget);
    return new Dialogue<>() {
      @Override
      public Ask first() {
        return first;
      }

      @Override
      public Turn<Decision> after(Found found) {
        return new Turn.Done<>(judge.reset(match, found.timeMillis(), found.floorMillis()));
      }
    };
  }
}
