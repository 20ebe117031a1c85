package io.weir.limiter.http;

import io.weir.limiter.Decision;
import io.weir.limiter.http.RateLimitFields.Binding;
import io.weir.limiter.http.RateLimitFields.ResetForm;
import io.weir.limiter.http.RateLimitFields.Style;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes what decisions tell into an answer in which several may tell: filters of different
 * domains, and methods that are limited. Lists have the items of all of them; the fields that have
 * room for one limit tell the one that denied, or else the one that leaves the fewest requests.
 * Immutable and thread-safe.
 *
 * @param style which fields tell of limits
 * @param resetForm how {@code X-RateLimit-Reset} tells the time
 */
public record RateLimitHeaders(Style style, ResetForm resetForm) {

  /** The answer to one request, whatever server makes it. Not thread-safe. */
  public interface Answer {
    /** The values that a field has, in their order; none where it is absent. */
    List<String> values(String field);

    /** Adds a value to those that a field has. */
    void add(String field, String value);

    /** Sets a field to one value. */
    void set(String field, String value);

    /** The limit that the answer tells in the fields that have room for one. */
    Optional<Binding> told();

    /** Takes note of that limit. */
    void setTold(Binding binding);
  }

  /** Tells of the limits of a decision; of one that denies, when to try again, too. */
  public void tell(Answer answer, Decision decision) {
    RateLimitFields told = RateLimitFields.of(decision);
    Map<String, String> fields = told.fields(style, resetForm, !decision.isAllowed());
    boolean strictest = !decision.isAllowed() || isStrictest(answer, told);
    fields.forEach(
        (name, value) -> {
          if (RateLimitFields.isList(name)) {
            answer.add(name, value);
          } else if (strictest) {
            answer.set(name, value);
          }
        });
    if (strictest && fields.containsKey(RateLimitFields.X_RATE_LIMIT_LIMIT)) {
      told.binding().ifPresent(answer::setTold);
    }
    tellDegraded(answer, decision);
  }

  /** Tells no more than that a decision was made without the state; nothing where it was not. */
  public static void tellDegraded(Answer answer, Decision decision) {
    Degradation.of(decision).ifPresent(value -> addDegraded(answer, value));
  }

  private static boolean isStrictest(Answer answer, RateLimitFields told) {
    Optional<Binding> before = answer.told();
    return before.isEmpty()
        || told.binding().filter(binding -> binding.isStricterThan(before.get())).isPresent();
  }

  /** Tells that the limiter failed. */
  public void tellFailed(Answer answer) {
    addDegraded(answer, Degradation.FAILED);
  }

  private static void addDegraded(Answer answer, String value) {
    if (!answer.values(Degradation.FIELD).contains(value)) {
      answer.add(Degradation.FIELD, value);
    }
  }
}
